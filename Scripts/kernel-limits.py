"""Compares the hot functions of the linked kernels with the limits that stand beside each kernel.

Usage: kernel-limits.py PROGRAM OBJDUMP KERNELS ARCHITECTURE [OPTION-OF-OBJDUMP]...

A kernel's file says, for its hot function and for the loops inside that hold no other loop:

    // limits: hash_batch instructions=3450 bytes=22500 stack=4
    // limits: loop instructions=560 bytes=3800 stack=0 copies=32

Where a file serves several architectures, "limits of x86_64:". stack: vector loads and stores relative to the stack's registers, which is what the compiler spills. copies: from one vector
register to another; bytes: without the last instruction's. A function without a line for loops may hold none with vector instructions. Prints a line for each kernel
and what was counted; exits with 1 if one exceeds a limit or has none.
"""

import pathlib
import re
import subprocess
import sys

HOT = ("hash_batch", "mix")
LIMITS = re.compile(r"^// limits(?: of (\w+))?: (\w+)((?: \w+=\d+)+)$", re.M)
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s+(\S+)\s*(.*)")
# A loop with fewer vector instructions copies or compares results.
LEAST_VECTOR_INSTRUCTIONS = 24

VECTOR = {"x86_64": re.compile(r"%[xyz]mm"), "aarch64": re.compile(r"\b[vqd]\d+\b")}
STACK = {"x86_64": re.compile(r"\(%r[sb]p"), "aarch64": re.compile(r"\[(sp|x29)")}
COPY = {
    "x86_64": re.compile(r"^v?mov(dqa|dqu|ap[sd]|up[sd])\d*\s+%[xyz]mm\d+, %[xyz]mm\d+$"),
    "aarch64": re.compile(r"^mov\s+v\d+\.16b, v\d+\.16b$"),
}
JUMP = {"x86_64": re.compile(r"^j"), "aarch64": re.compile(r"^(b|b\..*|cbn?z|tbn?z)$")}


def run(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def owners(program, objdump):
    """The source file of each local function, by address."""
    found, file = {}, None
    for line in run([objdump, "--syms", program]).splitlines():
        fields = line.split()
        if " df *ABS*" in line:
            file = fields[-1]
        elif len(fields) >= 6 and fields[2] == "F" and fields[-1] in HOT:
            found[int(fields[0], 16)] = file
    return found


def functions(program, objdump, options):
    """Instructions of the hot functions, by address: each with its own address, name and operands."""
    found, current = {}, None
    for line in run(
        [objdump, "-d", "--no-show-raw-insn", "--disassemble-symbols=" + ",".join(HOT), *options, program]
    ).splitlines():
        head = re.match(r"^([0-9a-f]+) <(\w+)>:", line)
        if head:
            current = found.setdefault(int(head[1], 16), (head[2], []))[1]
        elif current is not None and (match := INSTRUCTION.match(line)):
            current.append((int(match[1], 16), match[2], re.sub(r"\s*(#|//).*| <.*", "", match[3])))
    for _, instructions in found.values():
        while re.match(r"nop|int3|data16|cs$|udf|xchg", instructions[-1][1]):
            instructions.pop()
    return found


def loops(instructions, architecture):
    """The loops that hold vector instructions and no other such loop."""
    begin = instructions[0][0]
    ranges = set()
    for address, name, operands in instructions:
        target = re.search(r"0x([0-9a-f]+)$", operands)
        if JUMP[architecture].match(name) and target and begin <= int(target[1], 16) <= address:
            ranges.add((int(target[1], 16), address))
    bodies = []
    for first, last in ranges:
        body = [i for i in instructions if first <= i[0] <= last]
        if sum(bool(VECTOR[architecture].search(i[2])) for i in body) >= LEAST_VECTOR_INSTRUCTIONS:
            bodies.append((first, last, body))
    inner = lambda a, b: (a[0], a[1]) != (b[0], b[1]) and b[0] <= a[0] and a[1] <= b[1]
    return [body for body in bodies if not any(inner(other, body) for other in bodies)]


def measure(instructions, architecture):
    vector, stack = VECTOR[architecture], STACK[architecture]
    return {
        "instructions": len(instructions),
        "bytes": instructions[-1][0] - instructions[0][0],
        "stack": sum(bool(stack.search(i[2]) and vector.search(i[2])) for i in instructions),
        "copies": sum(bool(COPY[architecture].match(i[1] + " " + i[2])) for i in instructions),
    }


def judge(what, measured, limits, failures):
    parts = []
    for key, value in measured.items():
        if key in limits:
            parts.append(f"{value} of {limits[key]} {key}")
            if value > limits[key]:
                failures.append(f"{what}: {value} {key}, its limit is {limits[key]}")
        else:
            parts.append(f"{value} {key}")
    return ", ".join(parts)


def main():
    program, objdump, folder, architecture, *options = sys.argv[1:]
    files = owners(program, objdump)
    code = {files.get(address): found for address, found in functions(program, objdump, options).items()}
    passed = failed = 0
    for source in sorted(pathlib.Path(folder).glob("*/*.c")):
        text = source.read_text()
        guard = re.search(r"#if defined\(__(\w+)__\)", text)
        if "HW_SCAN" not in text or (guard and guard[1] != architecture):
            continue
        kernel = source.stem.replace("_", "/", 1)
        limits = {
            name: {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", values)}
            for only, name, values in LIMITS.findall(text)
            if only in ("", architecture)
        }
        failures, lines = [], []
        if source.name not in code:
            failures.append("its hot function is not in the program")
        else:
            name, instructions = code[source.name]
            if name not in limits:
                failures.append(f"no line '// limits: {name} ...' in {source.name}")
            lines.append(f"{name}: " + judge(name, measure(instructions, architecture), limits.get(name, {}), failures))
            for body in loops(instructions, architecture):
                if "loop" not in limits:
                    failures.append(f"a loop of {len(body[2])} instructions, and no limits for loops")
                line = "loop: " + judge("loop", measure(body[2], architecture), limits.get("loop", {}), failures)
                if line not in lines:
                    lines.append(line)
        if failures:
            failed += 1
        else:
            passed += 1
        print(f"{'FAILED' if failures else 'ok    '} {kernel}")
        for line in lines + ["FAILED: " + failure for failure in dict.fromkeys(failures)]:
            print("    " + line)
    print(f"limits of kernels: {passed} passed, {failed} failed")
    sys.exit(failed != 0 or passed == 0)


main()
