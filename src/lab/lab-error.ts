/** The lab could not do what was asked, for a reason outside tunorch; the message says what to do about it. */
export class LabError extends Error {
  override readonly name = 'LabError';
}
