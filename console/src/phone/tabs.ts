interface Tells {
  /** This page has the phone now. */
  gained: () => void;
  /** Another page has it; this one waits until that one is closed. */
  elsewhere: () => void;
}

/** Lets one page of this browser at a time be the phone (Web Locks). */
export class TabLock {
  private holding: AbortController | null = null;

  constructor(
    private readonly name: string,
    private readonly tells: Tells,
  ) {}

  /** Asks for the phone; with `takeOver` it is taken from the page that has it. */
  hold(takeOver: boolean): void {
    this.letGo();
    const mine = new AbortController();
    this.holding = mine;
    if (!("locks" in navigator)) {
      this.tells.gained();
      return;
    }
    this.ask(mine.signal, takeOver).catch(() => {
      if (!mine.signal.aborted) {
        this.tells.elsewhere(); // another page took it
        this.hold(false);
      }
    });
  }

  letGo(): void {
    this.holding?.abort();
    this.holding = null;
  }

  private async ask(signal: AbortSignal, takeOver: boolean): Promise<void> {
    const keep = async (): Promise<void> => {
      if (!signal.aborted) {
        this.tells.gained();
        await new Promise<void>((release) => signal.addEventListener("abort", () => release()));
      }
    };
    if (takeOver) {
      await navigator.locks.request(this.name, { steal: true }, keep);
      return;
    }
    const had = await navigator.locks.request(this.name, { ifAvailable: true }, async (lock) => {
      if (lock) {
        await keep();
      }
      return lock !== null;
    });
    if (!had && !signal.aborted) {
      this.tells.elsewhere();
      await navigator.locks.request(this.name, { signal }, keep);
    }
  }
}
