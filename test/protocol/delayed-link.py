"""Joins two network namespaces by a pair of TAP devices and holds every frame on its way: delayed-link.py MS SPACE DEVICE SPACE DEVICE.

Many kernels have no netem. Says `ready` when both devices are there; lives until it is ended, and the devices with it.
"""
import collections
import contextlib
import ctypes
import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF, IFF_TAP, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0002, 0x1000, 0x40000000


def tap(space, device):
    """An open TAP device, made in a namespace of ip-netns(8)."""
    with open(f"/run/netns/{space}") as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), space)
    handle = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(handle, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TAP | IFF_NO_PI))
    return handle


def hold(ends, seconds):
    """Passes frames on in their order, each when it has been held long enough."""
    waiting = {end: collections.deque() for end in ends}
    while True:
        due = min((queue[0][0] for queue in waiting.values() if queue), default=None)
        readable, _, _ = select.select(ends, [], [], None if due is None else max(0, due - time.monotonic()))
        now = time.monotonic()
        for end, other in (ends, ends[::-1]):
            while end in readable:
                try:
                    waiting[other].append((now + seconds, os.read(end, 65536)))
                except BlockingIOError:
                    break
            while waiting[other] and waiting[other][0][0] <= now:
                # A device that is not up yet takes nothing: such a frame is lost, as on any link.
                with contextlib.suppress(OSError):
                    os.write(other, waiting[other].popleft()[1])


milliseconds, *places = sys.argv[1:]
both = (tap(*places[:2]), tap(*places[2:]))
print("ready", flush=True)
hold(both, float(milliseconds) / 1000)
