import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chooseAlgorithms } from './algorithms.ts';
import type { KnownHostsStore } from './known-hosts-store.ts';
import { authorityFor } from './known-keys.ts';
import type { SshSettings } from './ssh-settings.ts';

const AGENT_TIMEOUT_MS = 5000;

/** Why a host needs more than ssh2 can do, in words for a message; undefined where nothing is known that does. */
export function whyBeyondSsh2(settings: SshSettings, store: KnownHostsStore): string | undefined {
  return settings.onlyOpenSsh[0] ?? userCertificate(settings) ?? securityKey(settings) ?? hostAuthority(settings, store) ?? algorithms(settings);
}

/** OpenSSH looks for a certificate beside each key as well (ssh_config(5), CertificateFile). */
function userCertificate({ certificateFiles, identityFiles, methods }: SshSettings): string | undefined {
  if (!methods.publicKey) return undefined;
  const path = [...certificateFiles, ...identityFiles.map((file) => `${file.path}-cert.pub`)].find((one) => existsSync(one));
  return path === undefined ? undefined : `the certificate ${path}`;
}

/** One that is named for the host; a default one may well not be meant for it. */
function securityKey({ identityFiles, methods }: SshSettings): string | undefined {
  if (!methods.publicKey) return undefined;
  const file = identityFiles.find(({ path, origin }) => origin !== 'default' && isSecurityKey(path));
  return file === undefined ? undefined : `the security key ${file.path}`;
}

function isSecurityKey(path: string): boolean {
  return [path, `${path}.pub`].some((file) => {
    const [, body] = /^-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/u.exec(readIfThere(file)) ?? [];
    return /^sk-(?:ssh|ecdsa)-/u.test(readIfThere(file)) || /\0sk-(?:ssh|ecdsa)-/u.test(Buffer.from(body ?? '', 'base64').toString('latin1'));
  });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Where an authority vouches for a host, OpenSSH asks the host for a certificate first. A file that cannot be read is told by whoever connects. */
function hostAuthority(settings: SshSettings, store: KnownHostsStore): string | undefined {
  try {
    const authority = authorityFor(store.linesOf([...settings.userKnownHostsFiles, ...settings.globalKnownHostsFiles]), {
      host: settings.hostName,
      port: settings.port,
      ...(settings.hostKeyAlias === undefined ? {} : { alias: settings.hostKeyAlias }),
    });
    return authority === undefined ? undefined : `the @cert-authority in ${authority.file}:${authority.line}`;
  } catch {
    return undefined;
  }
}

function algorithms(settings: SshSettings): string | undefined {
  try {
    chooseAlgorithms(settings.algorithms, new Set());
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** After a refusal: whether there are keys that ssh2 did not offer because it cannot read them, in default files or in the agent. */
export async function hasKeysBeyondSsh2({ identityFiles, agentSocket }: SshSettings): Promise<boolean> {
  if (identityFiles.some(({ path }) => isSecurityKey(path))) return true;
  return agentSocket === undefined ? false : /^(?:sk-|\S+-cert-v01@)/mu.test(await listAgent(agentSocket));
}

function listAgent(socket: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('ssh-add', ['-L'], { timeout: AGENT_TIMEOUT_MS, env: { ...process.env, SSH_AUTH_SOCK: socket } }, (_error, stdout) => resolve(stdout));
  });
}
