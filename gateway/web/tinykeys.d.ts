/** The package's own types are not among its exports. */
declare module 'tinykeys' {
  /** Calls what is bound to a press of keys; returns the way to stop. */
  export function tinykeys(
    target: Window | HTMLElement,
    bindings: Readonly<Record<string, (event: KeyboardEvent) => void>>,
  ): () => void;
}
