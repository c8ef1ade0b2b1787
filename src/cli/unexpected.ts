import { stripControl } from '../domain/strip-control.ts';

/** The last words of a run that an error of its own ended: nobody knows any more how far it came on the hosts. */
export function unexpectedWords(error: unknown): string {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${stripControl(told)}

error: tunorch was ended by an error of its own, and has not looked at the hosts again.
What was not committed they roll back by themselves, at the latest at their deadline; \`tunorch plan\` shows what is there then.
Please report it with the lines above.
`;
}
