/** Whether notices can be shown; `unknown` where the browser has none. */
export type MayNotify = NotificationPermission | "unknown";

export function mayNotify(): MayNotify {
  return "Notification" in window ? Notification.permission : "unknown";
}

/**
 * Shows a notice while another page or program is in front; one with the same `tag` takes its
 * place. Returns what takes it away again.
 */
export function showNotice(title: string, body: string, tag: string): () => void {
  if (!document.hidden || mayNotify() !== "granted") {
    return () => undefined;
  }
  const notice = new Notification(title, { body, tag, requireInteraction: true });
  const close = (): void => notice.close();
  notice.onclick = () => {
    window.focus();
    close();
  };
  // It is of no use once the page is looked at.
  document.addEventListener("visibilitychange", close, { once: true });
  return close;
}

/** Asks, once, whether notices may be shown; browsers want a click before. */
export async function askForNotices(): Promise<MayNotify> {
  if (mayNotify() === "default") {
    await Notification.requestPermission().catch(() => undefined);
  }
  return mayNotify();
}
