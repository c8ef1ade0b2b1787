import { execFile } from 'node:child_process';

/** The system's own ssh, as far as it matters which one it is. */
export interface InstalledSsh {
  /**
   * Whether a question of keyboard-interactive begins with user and host, so that a host cannot make its own look like a question of ssh
   * itself. Older ones (before 8.7, to be on the safe side) get no answer but a person's.
   */
  readonly namesItsQuestions: boolean;
}

/** @returns undefined where no ssh is installed */
export function findSsh(): Promise<InstalledSsh | undefined> {
  return new Promise((resolve) => {
    execFile('ssh', ['-V'], { timeout: 10_000 }, (error, stdout, stderr) => {
      if (error !== null) return resolve(undefined);
      const [, major = 0, minor = 0] = /^OpenSSH_[A-Za-z_]*(\d+)\.(\d+)/u.exec(`${stderr}${stdout}`) ?? [];
      resolve({ namesItsQuestions: Number(major) > 8 || (Number(major) === 8 && Number(minor) >= 7) });
    });
  });
}
