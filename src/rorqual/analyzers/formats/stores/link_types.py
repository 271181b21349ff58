"""What the links are called that packets were captured on: https://www.tcpdump.org/linktypes.html."""

_NAMES = {
    0: "null", 1: "ethernet", 3: "ax25", 6: "token-ring", 8: "slip", 9: "ppp", 10: "fddi", 50: "ppp-hdlc",
    51: "ppp-ether", 100: "atm-rfc1483", 101: "raw", 104: "c-hdlc", 105: "ieee802.11", 107: "frame-relay", 108: "loop",
    113: "linux-sll", 114: "ltalk", 117: "pflog", 119: "ieee802.11-prism", 122: "ip-over-fc",
    127: "ieee802.11-radiotap",
    143: "docsis", 144: "linux-irda", 163: "ieee802.11-avs", 165: "bacnet-ms-tp", 187: "bluetooth-hci-h4",
    189: "usb-linux", 192: "ppi", 195: "ieee802.15.4", 201: "bluetooth-hci-h4-phdr", 203: "lapd", 204: "ppp-with-dir",
    209: "ipmb-linux", 220: "usb-linux-mmapped", 227: "can-socketcan", 228: "ipv4", 229: "ipv6",
    230: "ieee802.15.4-nofcs", 231: "dbus", 239: "nflog", 249: "usbpcap", 251: "bluetooth-le-ll", 253: "netlink",
    254: "bluetooth-linux-monitor", 256: "bluetooth-le-ll-phdr", 258: "pktap", 272: "nordic-ble", 276: "linux-sll2",
}  # fmt: skip


def link_type(number: int) -> str:
    """The name, or the number where it has none here."""
    return _NAMES.get(number, str(number))
