/** A button under a message, or in the place of the client's own keyboard. */
export interface SentButton {
  readonly text: string;
  /** Of its callback; empty where it does something else. */
  readonly data: string;
  readonly url?: string;
  readonly asks?: 'contact' | 'location';
}

/** One message of a chat, the bot's or the client's. */
export interface ChatMessage {
  readonly from: 'client' | 'bot';
  readonly messageId: number;
  readonly text: string;
  readonly buttons: readonly SentButton[];
  /** What was sent besides text, by the method's word for it. */
  readonly sent?: Sent;
  /** The bot's reaction. */
  readonly reaction?: readonly string[];
}

export interface Sent {
  /** `photo`, `document`, `location`, … */
  readonly what: string;
  readonly bytes?: Uint8Array;
  readonly fileName?: string;
  readonly caption?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Of what was sent together by sendMediaGroup. */
  readonly album?: string;
  readonly replyTo?: number;
}

/** A private chat with one person. */
interface Chat {
  readonly id: number;
  readonly firstName: string;
  readonly language: string;
  readonly messages: ChatMessage[];
  /** Chat actions shown, in order. */
  readonly actions: string[];
  /** The bot may not write: "blocked by the user" or "user is deactivated". */
  forbidden?: string;
}

/** The people who have written to the bot, and everything that was said, in the order in which it took effect. */
export class Chats {
  readonly #chats = new Map<number, Chat>();
  #lastMessage = 0;
  readonly #watchers = new Set<() => void>();

  /** The chat of a person; made when they first write. */
  open(id: number, about: { firstName?: string; language?: string } = {}): Chat {
    const existing = this.#chats.get(id);
    if (existing) return existing;
    const { firstName = `Client ${id}`, language = 'ru' } = about;
    const chat: Chat = { id, firstName, language, messages: [], actions: [] };
    this.#chats.set(id, chat);
    return chat;
  }

  find(id: number): Chat | undefined {
    return this.#chats.get(id);
  }

  list(): readonly Chat[] {
    return [...this.#chats.values()];
  }

  add(chat: Chat, message: Omit<ChatMessage, 'messageId'>): ChatMessage {
    this.#lastMessage += 1;
    const added = { ...message, messageId: this.#lastMessage };
    chat.messages.push(added);
    this.changed();
    return added;
  }

  /** Puts another message in the place of one; false where the chat has no such. */
  replace(chat: Chat, messageId: number, change: Partial<ChatMessage>): boolean {
    const index = chat.messages.findIndex((one) => one.messageId === messageId);
    const before = chat.messages[index];
    if (!before) return false;
    chat.messages[index] = { ...before, ...change };
    this.changed();
    return true;
  }

  remove(chat: Chat, messageId: number): boolean {
    const index = chat.messages.findIndex((one) => one.messageId === messageId);
    if (index < 0) return false;
    chat.messages.splice(index, 1);
    this.changed();
    return true;
  }

  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Resolves once the condition holds; rejects with what the chats look like after `limitMs`. */
  async until(condition: () => boolean, what: string, limitMs = 20_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        const seen = this.list().map(
          ({ id, messages }) =>
            `${id}: ${messages.map(({ from, text }) => `${from} ${JSON.stringify(text.slice(0, 60))}`).join(', ')}`,
        );
        reject(new Error(`${what} did not happen in ${limitMs} ms; chats: ${seen.join(' | ')}`));
      }, limitMs);
      const look = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
  }
}
