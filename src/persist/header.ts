import { type PersistPlace, pathAt, type StoredFile } from '../domain/persistence.ts';

/** Whose file it is; its first line says so, in every format a comment; of a script the second. */
interface FileOwner {
  readonly tunnel: string;
  readonly host: string;
}

function headerOf({ tunnel, host }: FileOwner): string {
  return `# made by tunorch for the tunnel ${tunnel} on ${host}: do not edit, the next run would undo it`;
}

/** The tunnel a file was made for; undefined where somebody else wrote it. */
export function tunnelOf(text: string): string | undefined {
  return /^(?:#!.*\n)?# made by tunorch for the tunnel (\S+) on /.exec(text)?.[1];
}

/** A text of ours for one end of a tunnel. */
export function ownText(
  owner: FileOwner & { readonly device: string },
  { place, mode = '644', lines }: { readonly place: PersistPlace; readonly mode?: string; readonly lines: readonly string[] },
): StoredFile {
  return { kind: 'text', path: pathAt(place, owner.device), mode, text: `${[headerOf(owner), ...lines].join('\n')}\n` };
}

/** A script of ours, which root may run. */
export function ownScript(owner: FileOwner & { readonly device: string }, place: PersistPlace, lines: readonly string[]): StoredFile {
  return { kind: 'text', path: pathAt(place, owner.device), mode: '755', text: `${['#!/bin/sh', headerOf(owner), ...lines].join('\n')}\n` };
}
