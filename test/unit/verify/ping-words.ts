/** What `ping` really printed on Debian 12 (iputils 20221126) and from BusyBox 1.35, for the reader of probes. */

export const GOOD = `@@tunorch-probe gre1 full-size 10.10.10.2 0 1472
PING 10.10.10.2 (10.10.10.2) from 10.10.10.1 gre1: 1444(1472) bytes of data.

--- 10.10.10.2 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 313ms
rtt min/avg/max/mdev = 18.054/27.829/37.604/9.775 ms
@@tunorch-probe gre1 echo fd00:10::2 0 1472
PING fd00:10::2(fd00:10::2) from fd00:10::1 gre1: 56 data bytes

--- fd00:10::2 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 418ms
rtt min/avg/max/mdev = 14.157/45.846/105.993/42.550 ms
@@tunorch-probe gre1 echo 10.10.10.2 0 1472
PING 10.10.10.2 (10.10.10.2) from 10.10.10.1 gre1: 56(84) bytes of data.

--- 10.10.10.2 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 407ms
rtt min/avg/max/mdev = 18.096/20.221/24.395/2.951 ms
`;

export const SOME_LOST = `@@tunorch-probe gre1 echo 10.10.10.2 0 1472
PING 10.10.10.2 (10.10.10.2) from 10.10.10.1 gre1: 56(84) bytes of data.

--- 10.10.10.2 ping statistics ---
3 packets transmitted, 2 received, 33.3333% packet loss, time 428ms
rtt min/avg/max/mdev = 3.297/5.402/7.507/2.105 ms
`;

export const SILENT = `@@tunorch-probe gre1 echo 10.10.10.77 1 1400
PING 10.10.10.77 (10.10.10.77) from 10.10.10.1 gre1: 56(84) bytes of data.

--- 10.10.10.77 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 406ms

`;

export const NO_DEVICE = `@@tunorch-probe gre1 full-size 10.10.10.2 1 0
ping: invalid argument: '-28': out of range: 0 <= value <= 2147483647
@@tunorch-probe gre1 echo 10.10.10.2 2 0
ping: SO_BINDTODEVICE gre1: No such device
`;

export const BUSYBOX = `@@tunorch-probe gre1 echo 10.10.10.2 0 1472
PING 10.10.10.2 (10.10.10.2): 56 data bytes

--- 10.10.10.2 ping statistics ---
3 packets transmitted, 3 packets received, 0% packet loss
round-trip min/avg/max = 1.819/8.612/14.715 ms
@@tunorch-probe gre1 echo 10.10.10.77 1 1472
PING 10.10.10.77 (10.10.10.77): 56 data bytes

--- 10.10.10.77 ping statistics ---
2 packets transmitted, 0 packets received, 100% packet loss
`;
