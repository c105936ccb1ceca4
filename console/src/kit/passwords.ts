/** Without signs that look like others: passwords are read aloud and copied by hand. */
const SIGNS = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 4;
const GROUP = 5;

/** A random password in groups that can be read: about 99 bits. */
export function inventedPassword(): string {
  return Array.from({ length: GROUPS }, () => Array.from({ length: GROUP }, sign).join("")).join("-");
}

/** One sign, each as likely as any other. */
function sign(): string {
  const limit = 256 - (256 % SIGNS.length);
  for (;;) {
    const drawn = crypto.getRandomValues(new Uint8Array(1))[0] ?? limit;
    if (drawn < limit) {
      return SIGNS.charAt(drawn % SIGNS.length);
    }
  }
}
