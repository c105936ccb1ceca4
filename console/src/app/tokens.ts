/** The console's look, in one place; light and dark derive from it. */
export const TOKENS = {
  colorPrimary: "#1668dc",
  borderRadius: 6,
  fontFamily:
    "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
} as const;
