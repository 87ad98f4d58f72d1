"""Python loads this file in every program of the tests, because its folder is on their path.

None may reach the network, and none compiles the grammars that `detainer_analysis.__main__` names: 1.3 s.
"""

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
sys.modules["rfc3987_syntax"] = None
