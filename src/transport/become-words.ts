/**
 * Tells "a password is needed" from every other refusal, by the words of sudo and doas.
 *
 * The last resort: both end with status 1 whatever the reason was. Said under LC_ALL=C by sudo 1.8 to 1.9
 * (`sudo: a password is required`), sudo-rs (`sudo: interactive authentication is required`) and OpenDoas
 * (`doas: Authentication required`). Words that are not known count as a refusal and are shown to the user.
 */
export function asksForPassword(words: string): boolean {
  return /^sudo: (?:a password is required|interactive authentication is required)$|^doas: Authentication required$/imu.test(
    words.replaceAll('\r', ''),
  );
}

/**
 * Tells a password that was wrong from every other refusal: su and doas ask once and end.
 *
 * Behind its own prompt on one line where there is no terminal. Said by su of util-linux and shadow (`su: Authentication failure`), of busybox (`su: incorrect password`), and by OpenDoas.
 */
export function saysPasswordWrong(words: string): boolean {
  return /^(?:.*: )?su: (?:Authentication failure|incorrect password)$|^doas: Authentication failed$/imu.test(words.replaceAll('\r', ''));
}

/** Tells "not without a terminal" from every other refusal: sudo under requiretty. */
export function wantsTerminal(words: string): boolean {
  return /^sudo: (?:sorry, )?you must have a tty to run sudo$/imu.test(words.replaceAll('\r', ''));
}

/**
 * A question of doas or su stands at the end of a line that has no end yet. The words differ between systems; the colon does not.
 *
 * A line that is no more than the program's own name is the beginning of a complaint: warnx(3) may write the two apart.
 */
export function isPrompt(words: string): boolean {
  return /:[ \t]*$/u.test(words) && !/(?:^|[\r\n])(?:su|doas):[ \t]*$/u.test(words);
}
