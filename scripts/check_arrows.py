#!/usr/bin/env python3
"""Holds the includes against the arrows of the house: who may use whom, where each library may be used, how long a file
may be. Prints every breach with its place; exit 1 if there is one. Runs as a test (scripts/test.sh) and by hand:

    scripts/check_arrows.py [--self-test]
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# A room may include from itself and from these. Longest prefix wins.
MAY_USE = {
    "gateway/core": [],
    "gateway/settings": ["gateway/core"],
    "gateway/net": ["gateway/core"],
    "gateway/store": ["gateway/settings", "gateway/core"],
    "gateway/pipeline": ["gateway/core"],
    "gateway/delivery": ["gateway/core"],
    "gateway/casework": ["gateway/core"],
    "gateway/admin": ["gateway/casework", "gateway/delivery", "gateway/pipeline", "gateway/net", "gateway/core"],
    "gateway/app": ["gateway", "connectors", "transforms", "security", "checker"],
    # Shares nothing with anybody, so that one mistake is not made twice.
    "checker": [],
    "connectors": ["connectors/support", "gateway/net", "gateway/settings", "gateway/core"],
    # The index of all protocols: the one place that knows every connector.
    "connectors/all_connectors.hpp": ["connectors", "gateway/settings", "gateway/core"],
    "connectors/all_connectors.cpp": ["connectors", "gateway/settings", "gateway/core"],
    "transforms/codecs": ["gateway/settings", "gateway/core"],
    "transforms/identifiers": ["gateway/settings", "gateway/core"],
    "transforms/tables": ["transforms/identifiers", "gateway/settings", "gateway/core"],
    "transforms/schema": ["transforms/codecs", "transforms/identifiers", "gateway/settings", "gateway/core"],
    "transforms/mapping": ["transforms/identifiers", "gateway/settings", "gateway/core"],
    "transforms/sheets": ["transforms/codecs", "transforms/tables", "transforms/mapping", "transforms/identifiers", "gateway/settings", "gateway/core"],
    "transforms/content": ["gateway/settings", "gateway/core"],
    # A program of its own, for libraries that parse what partners send; shares nothing with the gateway.
    "transforms/strip": [],
    "security/crypto": ["gateway/settings", "gateway/core"],
    "security/tls": ["security/crypto", "gateway/settings", "gateway/core"],
    "security/identity": ["security/crypto", "gateway/settings", "gateway/core"],
    "security/privacy": ["security/crypto", "gateway/settings", "gateway/core"],
    "security/proof": ["gateway/core"],
    "security/xmldsig": ["security/crypto", "gateway/settings", "gateway/core"],
    "security/audit": ["security/crypto", "gateway/settings", "gateway/core"],
    "tests": ["gateway", "connectors", "transforms", "security", "checker", "sandbox"],
    "sandbox": ["gateway", "connectors", "transforms", "security"],
}

# Library header → rooms that may include it. tests may include anything.
LIBRARIES = {
    r"openssl/|boost/asio/ssl|xmlsec/": ["security"],
    r"boost/beast": ["gateway/net"],
    r"boost/asio": ["gateway/net", "security/tls", "gateway/core/stream.hpp", "gateway/app", "gateway/admin", "connectors"],
    r"Poco/Data|sqlite3\.h": ["gateway/store", "connectors/database"],
    r"libpq-fe\.h|mysql/|sql\.h|sqlext\.h": ["connectors/database"],
    r"libxml/|libxslt/": ["transforms", "security"],
    r"rapidjson/": ["transforms"],
    r"archive\.h|archive_entry\.h": ["transforms/sheets", "connectors/file"],
    r"xlsxwriter\.h": ["transforms/sheets"],
    r"yaml-cpp/": ["gateway/settings", "checker"],
    r"prometheus/": ["gateway/admin"],
    r"spdlog/": ["gateway/app"],
    r"CLI/": ["gateway/app"],
    r"amqp(_\w+)?\.h$": ["connectors/amqp"],
    r"librdkafka/": ["connectors/kafka", "sandbox"],
    r"libssh/": ["connectors/file"],
    r"magic\.h": ["transforms/content"],
    r"exiv2/|qpdf/|libav(format|codec|util)/|jpeglib\.h|png\.h|seccomp\.h": ["transforms/strip"],
    r"unicode/": ["transforms/codecs", "security/privacy"],
}
MAX_BEAST_SOURCES = 3
MAX_SOURCE_LINES = 400
MAX_HEADER_LINES = 200
# Headers of contracts that are longer than 200 lines; this list only shrinks.
LONG_HEADERS = {"gateway/core/store.hpp"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path):
    best = ""
    for room in MAY_USE:
        if (path == room or path.startswith(room + "/")) and len(room) > len(best):
            best = room
    return best


def own_folder(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in ("connectors",) else room_of(path)


def allowed(path, included):
    room = room_of(path)
    if own_folder(path) == own_folder(included):
        return True
    return any(included.startswith(target + "/") for target in MAY_USE[room])


def check_file(path, text):
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        kind, included = found.groups()
        if kind == '"':
            if not room_of(included):
                faults.append(f"{path}:{number}: include by its path from the root: {included}")
            elif not allowed(path, included):
                faults.append(f"{path}:{number}: {room_of(path)} may not use {room_of(included)} ({included})")
        elif not path.startswith("tests/"):
            for pattern, rooms in LIBRARIES.items():
                if re.match(pattern, included) and not any(path.startswith(room) for room in rooms):
                    faults.append(f"{path}:{number}: <{included}> belongs to {', '.join(rooms)}")
    lines = text.count("\n")
    if path.endswith(".cpp") and lines > MAX_SOURCE_LINES and not path.startswith("tests/"):
        faults.append(f"{path}: {lines} lines, at most {MAX_SOURCE_LINES}")
    if path.endswith(".hpp") and lines > MAX_HEADER_LINES and path not in LONG_HEADERS:
        faults.append(f"{path}: {lines} lines, at most {MAX_HEADER_LINES}")
    return faults


def self_test():
    assert check_file("gateway/core/x.cpp", '#include "gateway/net/y.hpp"\n')
    assert check_file("connectors/http/x.cpp", '#include "connectors/soap/y.hpp"\n')
    assert check_file("transforms/codecs/x.cpp", '#include "security/crypto/y.hpp"\n')
    assert check_file("gateway/net/x.cpp", "#include <openssl/evp.h>\n")
    assert check_file("gateway/pipeline/x.cpp", "#include <rapidjson/reader.h>\n")
    assert check_file("gateway/pipeline/x.cpp", "//\n" * (MAX_SOURCE_LINES + 1))
    assert not check_file("connectors/http/x.cpp", '#include "gateway/net/y.hpp"\n#include "connectors/http/z.hpp"\n')
    assert not check_file("security/tls/x.cpp", "#include <openssl/ssl.h>\n")


def main():
    self_test()
    if "--self-test" in sys.argv:
        return 0
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.cpp", "*.hpp"], cwd=ROOT, capture_output=True, text=True, check=True)
    faults, beast = [], []
    for path in sorted(set(files.stdout.split())):
        if not (ROOT / path).exists():
            continue
        text = (ROOT / path).read_text(encoding="utf-8")
        if not room_of(path):
            faults.append(f"{path}: not in a room of the house")
            continue
        faults += check_file(path, text)
        if "boost/beast" in text and path.endswith(".cpp") and not path.startswith("tests/"):
            beast.append(path)
    if len(beast) > MAX_BEAST_SOURCES:
        faults.append(f"Beast is included by {len(beast)} sources, at most {MAX_BEAST_SOURCES}: {' '.join(beast)}")
    print("\n".join(faults) if faults else "arrows: straight")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
