"""A Realtime player of a stranger's making: WebSocket only, the few packets of a login and a message written by hand."""

import websockets.sync.client


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, value):
    """One protobuf field: an int as varint, bytes as length-delimited."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """All fields of a message, the last one wins."""
    at, found = 0, {}
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            found[key >> 3], at = read_varint(data, at)
        else:
            length, at = read_varint(data, at)
            found[key >> 3] = data[at : at + length]
            at += length
    return found


def zigzag(number):
    return number << 1 if number >= 0 else (-number << 1) - 1


def unzigzag(number):
    return number >> 1 if number & 1 == 0 else -(number + 1 >> 1)


class Player:
    """A logged-in player."""

    def __init__(self, host, port, player_session_id, payload=b"", timeout=20):
        self.timeout = timeout
        self.socket = websockets.sync.client.connect(f"ws://{host}:{port}/websocket", compression=None, proxy=None)
        login = field(1, player_session_id.encode()) + field(2, 2)
        packet = field(3, -1) + field(6, 1)
        if payload:
            packet += field(15, payload)
        self._send(packet + field(30, login))
        answer = self.receive_packet()
        result = fields(answer[31])
        self.logged_in = result.get(1, 0) == 1
        self.peer_id = result.get(3, 0)

    def _send(self, packet):
        self.socket.send(varint(len(packet)) + packet)

    def send(self, op_code, payload, target_player=-1):
        self._send(field(1, zigzag(op_code)) + field(3, target_player) + field(5, self.peer_id) + field(6, 1) + field(15, payload))

    def send_group(self, op_code, payload, group=-1):
        self._send(field(1, zigzag(op_code)) + field(4, group) + field(5, self.peer_id) + field(6, 1) + field(15, payload))

    def receive_packet(self):
        data = self.socket.recv(timeout=self.timeout)
        length, at = read_varint(data, 0)
        return fields(data[at : at + length])

    def receive(self, op_code):
        """The payload of the next message with this op code; others are passed over."""
        while True:
            packet = self.receive_packet()
            if unzigzag(packet.get(1, 0)) == op_code:
                return packet.get(15, b"")

    def close(self):
        self.socket.close()
