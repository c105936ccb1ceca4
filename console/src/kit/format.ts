import dayjs from "dayjs";

/** `2026-11-22 08:05:09`, as Chinese users write it; the day is left out for today. */
export function instant(iso: string, now: dayjs.Dayjs = dayjs()): string {
  const at = dayjs(iso);
  return at.format(at.isSame(now, "day") ? "HH:mm:ss" : "YYYY-MM-DD HH:mm:ss");
}

/** `2026-11-22`, for what holds for long. */
export function day(iso: string): string {
  return dayjs(iso).format("YYYY-MM-DD");
}

/** `1:05` or `1:02:05` of milliseconds. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const rest = two(seconds % 60);
  return minutes < 60
    ? `${minutes}:${rest}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** A phone number in the groups in which people read it aloud. */
export function phone(number: string): string {
  if (/^1\d{10}$/.test(number)) {
    return number.replace(/^(\d{3})(\d{4})(\d{4})$/, "$1 $2 $3");
  }
  if (/^400\d{7}$/.test(number)) {
    return number.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1-$2-$3");
  }
  if (/^0(10|2\d)\d{7,8}$/.test(number)) {
    return number.replace(/^(\d{3})(\d+)$/, "$1-$2");
  }
  if (/^0\d{10,11}$/.test(number)) {
    return number.replace(/^(\d{4})(\d+)$/, "$1-$2");
  }
  return number;
}

/** `¥1,200.00` of an amount in decimal text; what stands below a cent is shown where there is any. */
export function yuan(amount: string): string {
  const [whole = "0", part = ""] = amount.replace("-", "").split(".");
  const cents = part.replace(/0+$/, "").padEnd(2, "0");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount.startsWith("-") ? "-" : ""}¥${grouped}.${cents}`;
}

const SIZES = ["B", "KB", "MB", "GB", "TB", "PB"];

/** `12.3 GB` of bytes, a thousand to the next unit as disks are sold. */
export function bytes(size: number): string {
  const place = size < 1 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(size) / 3));
  const amount = size / 1_000 ** place;
  return `${place === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${SIZES[place] ?? ""}`;
}
