#!/usr/bin/env python3
"""Loads `hashwatt prove` with many miners on the loopback interface: load.py PROGRAM [CONNECTIONS] [SHARES_PER_S] [SECONDS] [ALGORITHM].

ALGORITHM is sha256d (the default) or scrypt-1024-1-1. Every share is real: found by hashing derived work at a difficulty at which one
attempt in 16 is one, of scrypt every second one. Prints CPU of the server, its
memory at both ends, and the time from a share to its answer.
"""
import asyncio, hashlib, json, os, struct, subprocess, sys, time

program = sys.argv[1]
connections = int(sys.argv[2]) if len(sys.argv) > 2 else 200
rate = float(sys.argv[3]) if len(sys.argv) > 3 else 1000
seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 60
algorithm = sys.argv[5] if len(sys.argv) > 5 else "sha256d"
port = 3399
# What one attempt stands for at difficulty 1: 2^32 hashes of sha256d, 2^16 of scrypt.
factor, difficulty = {"sha256d": (1, 2.0**-28), "scrypt-1024-1-1": (65536, 2.0**-15)}[algorithm]
target = int(factor * 0xFFFF * 2**208 / difficulty)


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def work_hash(header):
    if algorithm == "sha256d":
        return sha256d(header)
    return hashlib.scrypt(header, salt=header, n=1024, r=1, p=1, dklen=32)


class Miner:
    """One connection, with shares found ahead for the job that it was given last."""

    def __init__(self, number):
        self.number, self.job, self.extranonce1, self.sent, self.delays = number, None, b"", {}, []
        self.refused = 0

    async def start(self):
        for _ in range(600):
            try:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except OSError:
                await asyncio.sleep(0.1)
        self.send(1, "mining.subscribe", ["load/1.0"])
        self.send(2, "mining.authorize", [f"miner{self.number}", "x"])
        asyncio.get_running_loop().create_task(self.read())

    def send(self, number, method, params):
        self.writer.write(json.dumps({"id": number, "method": method, "params": params}).encode() + b"\n")

    async def read(self):
        while line := await self.reader.readline():
            message = json.loads(line)
            if message.get("method") == "mining.notify":
                self.job, self.nonce = message["params"], 0
            elif message.get("id") == 1:
                self.extranonce1 = bytes.fromhex(message["result"][1])
            elif message.get("id") in self.sent:
                self.delays.append(time.perf_counter() - self.sent.pop(message["id"]))
                self.refused += message.get("result") is not True

    def share(self, number):
        name, previous, first, last, branches, version, bits, moment, _ = self.job
        root = sha256d(bytes.fromhex(first) + self.extranonce1 + bytes(4) + bytes.fromhex(last))
        for branch in branches:
            root = sha256d(root + bytes.fromhex(branch))
        words = bytes.fromhex(previous)
        start = (
            bytes.fromhex(version)[::-1]
            + b"".join(words[i : i + 4][::-1] for i in range(0, 32, 4))
            + root + bytes.fromhex(moment)[::-1] + bytes.fromhex(bits)[::-1]
        )
        while True:
            nonce, self.nonce = self.nonce, self.nonce + 1
            if int.from_bytes(work_hash(start + struct.pack("<I", nonce)), "little") <= target:
                break
        self.sent[number] = time.perf_counter()
        self.send(number, "mining.submit", ["w", name, "00000000", moment, f"{nonce:08x}"])


def server_state(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    memory = next(int(l.split()[1]) for l in open(f"/proc/{pid}/status") if l.startswith("VmRSS"))
    return cpu, memory / 1024


async def main():
    server = subprocess.Popen(
        [program, "prove", "--listen", f"127.0.0.1:{port}", "--algorithm", algorithm,
         "--difficulty", str(difficulty), "--miners", str(connections),
         "--warmup", "0", "--window", "600", "--repeats", "1", "--results", "/tmp/hashwatt-load"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    miners = [Miner(number) for number in range(connections)]
    for miner in miners:
        await miner.start()
    while not all(m.job for m in miners):
        await asyncio.sleep(0.1)
    number, began = 1000, time.perf_counter()
    warm = began + 5
    state = None
    while (now := time.perf_counter()) < warm + seconds:
        if state is None and now >= warm:
            state, first = server_state(server.pid), now
            for m in miners:
                m.delays.clear()
            counted = number
        due = 1000 + int((now - began) * rate)
        while number < due:
            miners[number % connections].share(number)
            number += 1
        await asyncio.sleep(0.001)
    cpu, memory = server_state(server.pid)
    passed = time.perf_counter() - first
    await asyncio.sleep(1)
    delays = sorted(d for m in miners for d in m.delays)
    print(f"connections {connections}, shares {number - counted} in {passed:.1f} s, {(number - counted) / passed:.0f}/s")
    print(f"answers {len(delays)}, refused {sum(m.refused for m in miners)}")
    print(f"server CPU {(cpu - state[0]) / passed * 100:.1f} % of one core, memory {state[1]:.1f} to {memory:.1f} MiB")
    print(f"answer median {delays[len(delays) // 2] * 1e3:.2f} ms, p99 {delays[int(len(delays) * 0.99)] * 1e3:.2f} ms")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    server.terminate()
    server.wait()


asyncio.run(main())
