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
