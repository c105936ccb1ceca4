/** Tells of a call while another page or program is in front. */
export function noticeCall(title: string, body: string, call: string): void {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") {
    return;
  }
  const notice = new Notification(title, { body, tag: call, requireInteraction: true });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
  // It is of no use once the page is looked at.
  document.addEventListener("visibilitychange", () => notice.close(), { once: true });
}

/** Asks, once, whether notices may be shown; browsers want a click before. */
export function askForNotices(): void {
  if ("Notification" in window && Notification.permission === "default") {
    void Notification.requestPermission().catch(() => undefined);
  }
}
