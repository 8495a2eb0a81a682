"""Which internet addresses a link may lead to: public unicast ones, by a table of our own.

`ipaddress.is_global` answers differently from one Python to the next and calls several metadata, NAT64 and multicast
ranges global, so it is no guard. The ranges here are those of the IANA special-purpose address registries (RFC 6890
and its updates) plus multicast, and one public address that clouds use for their own machinery.
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_IPV4_CLOSED = tuple(
    (ipaddress.IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by carriers"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's own"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "for documentation"),
        ("192.31.196.0/24", "reserved for protocols"),
        ("192.52.193.0/24", "reserved for protocols"),
        ("192.88.99.0/24", "reserved for protocols"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "reserved for protocols"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

# Everything outside 2000::/3 is closed, which covers loopback, NAT64, unique local, link-local, site-local,
# segment routing (5f00::/16) and multicast without naming them.
_IPV6_OPEN = ipaddress.IPv6Network("2000::/3")
_IPV6_CLOSED = tuple(
    (ipaddress.IPv6Network(network), reason)
    for network, reason in (
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "a wrapped IPv4 address"),
        ("2620:4f:8000::/48", "reserved for protocols"),
        ("3fff::/20", "for documentation"),
    )
)


def parse(text: str) -> Address | None:
    """The address that `text` spells in its canonical family notation, or None.

    Only dotted quads without leading zeros and plain IPv6 count. An IPv4-mapped IPv6 address is unwrapped; a zone
    id makes it no address, for it names an interface of this machine.
    """
    if "%" in text:
        return None
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def closed(address: Address) -> str | None:
    """Why no connection may be made to `address` ("private", "loopback" …), or None if it is public."""
    if isinstance(address, ipaddress.IPv4Address):
        return next((reason for network, reason in _IPV4_CLOSED if address in network), None)
    if address not in _IPV6_OPEN:
        return "not public"
    return next((reason for network, reason in _IPV6_CLOSED if address in network), None)
