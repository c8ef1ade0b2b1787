import { describe, expect, it } from 'vitest';
import { readStarted, readStopped } from '../../../src/capture/script.ts';

describe('what a host says of its capture', () => {
  it('is which program listens, or why none does', () => {
    expect(readStarted('@listening\ntcpdump version 4.99.3\nlibpcap version 1.10.3\n')).toEqual({ state: 'listening', program: 'tcpdump 4.99.3' });
    expect(readStarted('@listening\nusage: tcpdump\n')).toEqual({ state: 'listening', program: 'tcpdump' });
    expect(readStarted('@missing tcpdump\n')).toEqual({ state: 'missing', program: 'tcpdump' });
    expect(readStarted('@refused tcpdump: eth9: No such device\n')).toEqual({ state: 'refused', words: 'tcpdump: eth9: No such device' });
    expect(() => readStarted('Last login: today\n')).toThrow('nothing says whether');
  });

  it('is the file, in base64 or as od prints it', () => {
    const words = '3 packets captured\n7 packets dropped by kernel\n';
    expect(readStopped(`@running\n${words}@packets\nAQID\nBA==\n`)).toEqual({ isFull: false, dropped: 7, file: Buffer.from([1, 2, 3, 4]) });
    expect(readStopped('@ended\n@packets\n@hex\n 01 02 03\n 04\n')).toEqual({ isFull: true, dropped: 0, file: Buffer.from([1, 2, 3, 4]) });
  });

  it('is refused where it is neither', () => {
    expect(() => readStopped('')).toThrow('nothing says what was captured');
    expect(() => readStopped('@running\n@packets\n<script>\n')).toThrow('not base64');
    expect(() => readStopped('@running\n@packets\n@hex\n01 zz\n')).toThrow('not od’s');
  });
});
