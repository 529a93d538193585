const MAX_NAME = 255;
/** They break lines, or let `exe.txt` be read as `txt.exe`; https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing */
const DECEIVING = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** The name of a file as it may be kept and shown: no path, nothing that hides what it is; `file` where none is left. */
export function fileName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const shown = last
    .replace(DECEIVING, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .trim();
  return Array.from(shown).slice(0, MAX_NAME).join('') || 'file';
}
