"""No program of the tests may reach the network: Python loads this file where its folder is on the path."""

import sys


def refuse(event, arguments):
    """Raise at a connection or a look-up that would leave the machine."""
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = str(arguments[0] or "localhost")
    else:
        return
    if not host.startswith("127.") and host not in ("::1", "localhost", "", "0.0.0.0"):
        raise OSError(f"the tests may not reach {host}")


sys.addaudithook(refuse)
