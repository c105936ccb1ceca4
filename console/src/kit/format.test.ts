import dayjs from "dayjs";
import { expect, test } from "vitest";

import { bytes, duration, instant, phone, yuan } from "./format";

test.each([
  ["13812345678", "138 1234 5678"],
  ["4006001234", "400-600-1234"],
  ["02061234567", "020-61234567"],
  ["01061234567", "010-61234567"],
  ["057161234567", "0571-61234567"],
  ["10086", "10086"],
  ["1001", "1001"],
])("the number %s is read as %s", (number, shown) => {
  expect(phone(number)).toBe(shown);
});

test.each([
  [0, "0:00"],
  [64_600, "1:05"],
  [3_725_000, "1:02:05"],
])("%d ms are %s", (ms, shown) => {
  expect(duration(ms)).toBe(shown);
});

test("today needs no date", () => {
  const now = dayjs("2026-11-22T12:00:00");
  expect(instant("2026-11-22T08:05:09", now)).toBe("08:05:09");
  expect(instant("2026-11-21T08:05:09", now)).toBe("2026-11-21 08:05:09");
});

test.each([
  ["1200.0000", "¥1,200.00"],
  ["-12.5000", "-¥12.50"],
  ["1234567.0605", "¥1,234,567.0605"],
])("an amount of %s is shown as %s", (amount, shown) => {
  expect(yuan(amount)).toBe(shown);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_500, "1.5 KB"],
  [58_000_000, "58.0 MB"],
  [512_400_000_000, "512 GB"],
])("%d bytes are %s", (size, shown) => {
  expect(bytes(size)).toBe(shown);
});
