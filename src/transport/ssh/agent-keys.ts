import ssh2, { type ParsedKey } from 'ssh2';

/** Keys an agent offers, or why it offers none. */
export type AgentKeys = { readonly kind: 'keys'; readonly keys: readonly ParsedKey[] } | { readonly kind: 'silent' };

/** A dead agent must not hold up a connection that may not need it. */
const AGENT_TIMEOUT_MS = 5000;

/** Lists an agent's keys. Certificates and security keys are not among them: ssh2 cannot read them. Never rejects. */
export function listAgentKeys(socketPath: string): Promise<AgentKeys> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'silent' }), AGENT_TIMEOUT_MS);
    new ssh2.OpenSSHAgent(socketPath).getIdentities((error, keys) => {
      clearTimeout(timer);
      resolve(error || keys === undefined ? { kind: 'silent' } : { kind: 'keys', keys: keys as readonly ParsedKey[] });
    });
  });
}

/** Has an agent sign. @throws Error - the agent refuses, or is gone */
export function signWithAgent(
  socketPath: string,
  key: ParsedKey,
  request: { readonly text: Buffer; readonly hash?: SignatureHash },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = request.hash === undefined ? {} : { hash: request.hash };
    new ssh2.OpenSSHAgent(socketPath).sign(key, request.text, options, (error, signature) => {
      if (error || signature === undefined) reject(error ?? new Error('the agent gave no signature'));
      else resolve(signature);
    });
  });
}

/** Which RSA signature the server wants: RFC 8332. */
export type SignatureHash = 'sha1' | 'sha256' | 'sha512';
