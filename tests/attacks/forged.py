"""Requests that no browser sends. In them `HOST` stands for the page's host, `END` ends a head."""

from __future__ import annotations

from ui.editor.addresses import TABLES

CANARY = "zyxcanary"
FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"


def head(line: str, *more: str, host: str = "HOST") -> bytes:
    return "\r\n".join((line, f"Host: {host}", *more)).encode("latin-1") + b"END"


def post(path: str, kind: str, body: bytes) -> bytes:
    return head(f"POST {path} HTTP/1.1", kind, f"Content-Length: {len(body)}") + body


def get(path: str) -> bytes:
    return head(f"GET {path} HTTP/1.1")


INNER = f"GET /{CANARY} HTTP/1.1\r\nHost: x\r\n\r\n"
FRAMING = {
    "both lengths, chunked first": head(
        "POST /plain HTTP/1.1", FORM, "Transfer-Encoding: chunked", "Content-Length: 4"
    ) + b"0\r\n\r\n" + INNER.encode(),
    "both lengths, length first": head(
        "POST /plain HTTP/1.1", FORM, f"Content-Length: {5 + len(INNER)}",
        "Transfer-Encoding: chunked",
    ) + b"0\r\n\r\n" + INNER.encode(),
    "chunked, spelt otherwise": head(
        "POST /plain HTTP/1.1", FORM, "Transfer-Encoding: xchunked", "Content-Length: 3"
    ) + b"q=a",
    "chunked twice": head(
        "POST /plain HTTP/1.1", FORM, "Transfer-Encoding: chunked, chunked"
    ) + b"0\r\n\r\n",
    "two lengths": head("POST /plain HTTP/1.1", FORM, "Content-Length: 3", "Content-Length: 30")
    + b"q=a",
    "a negative length": head("POST /plain HTTP/1.1", FORM, "Content-Length: -1"),
    "a length with a sign": head("POST /plain HTTP/1.1", FORM, "Content-Length: +3") + b"q=a",
    "a length without end": head("POST /plain HTTP/1.1", FORM, f"Content-Length: {'9' * 400}"),
    "a chunk of no size": head("POST /plain HTTP/1.1", FORM, "Transfer-Encoding: chunked")
    + b"zz\r\nq=a\r\n0\r\n\r\n",
    "a chunk larger than memory": head(
        "POST /plain HTTP/1.1", FORM, "Transfer-Encoding: chunked"
    ) + b"ffffffffffffffff\r\nq=a\r\n",
    "two hosts": head("GET / HTTP/1.1", f"Host: {CANARY}.example"),
    "no host": b"GET / HTTP/1.1END",
    "a folded header": head("GET / HTTP/1.1", f"X-A: a\r\n {CANARY}"),
    "a space before the colon": head("GET / HTTP/1.1", f"X-A : {CANARY}"),
    "a null byte in the address": get(f"/{CANARY}\0"),
    "a null byte in a header": head("GET / HTTP/1.1", f"X-A: \0{CANARY}"),
    "bare line feeds": f"GET /{CANARY} HTTP/1.1\nHost: HOST\nConnection: close\n\n".encode(),
    "bare carriage returns": f"GET /{CANARY} HTTP/1.1\rHost: HOST\r\r".encode(),
    "a header that splits the answer": get(f"/%0d%0aSet-Cookie:%20{CANARY}=1"),
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/9.9": head(f"GET /{CANARY} HTTP/9.9"),
    "HTTP/2 at once": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(40),
    "a change to HTTP/2": head(
        "GET / HTTP/1.1", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"
    ),
    "TLS": bytes.fromhex("16030100c8010000c40303") + CANARY.encode() * 20,
    "half a body": head("POST /plain HTTP/1.1", FORM, "Content-Length: 99") + b"q=a",
    "nothing but words": CANARY.encode() * 50 + b"\r\n\r\n",
    "an expectation": head("POST /plain HTTP/1.1", FORM, "Expect: 200-ok", "Content-Length: 0"),
}  # fmt: skip
PATHS = [
    *("/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../app.py"),
    *("/assets/%2e%2e/%2e%2e/app.py", "/assets/..%2f..%2fapp.py", "/assets/..%5c..%5capp.py"),
    *("/static/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd"),
    *("/static/..%2f..%2f..%2f..%2fetc%2fpasswd", "/static//etc/passwd", "/assets//etc/passwd"),
    *("/static/%00", "/static/%ff%fe", "/static/%252e%252e/%252e%252e/etc/passwd"),
    *("/content/red_flags.toml", "/app.py", "/.git/config", "/static/.streamlit/config.toml"),
    *("//evil.example/%2e%2e", "//evil.example", "/%5cevil.example", "/static//evil.example/.."),
    *("/static", "/assets", "/static/js", "/?//evil.example", "/staff/../../etc/passwd.csv"),
    *("/plain/article?article=../../../../etc/passwd", "/plain/article?article=%00"),
    *(f"/plain/article?article={CANARY}", f"/plain/article?like={CANARY}", f"/?q={CANARY}"),
    *(f"/notices?{CANARY}", f"/{CANARY}", f"/assets/{CANARY}.js", f"/static/{CANARY}"),
    *(f"/{CANARY}/<script>alert(1)</script>", f"/%3Cscript%3E{CANARY}%3C/script%3E"),
    *("http://evil.example/", "http://evil.example:80/readyz", "https://HOST/", "*", "notices"),
]  # fmt: skip
GONE = [
    *("/_stcore/metrics", "/_stcore/message", "/_stcore/message?hash=a", "/_stcore/upload_file/a"),
    *("/_stcore/upload_file", "/_stcore/script-health-check", "/_stcore/allowed-message-origins"),
    *("/_stcore/agent/openapi.json", "/media/a.png", "/media/../app.py", "/component/a/index.html"),
    *("/bidi-components/a", "/app/static/a", "/auth/login", "/oauth2callback", "/docs"),
    *TABLES,
    *(f"/staff/{name}.csv" for name in ("../coverage", CANARY)),
]  # fmt: skip
METHODS = "TRACE CONNECT PUT DELETE PATCH OPTIONS POST PROPFIND DEBUG get".split()
HEADERS = {
    "one header of a megabyte": head("GET / HTTP/1.1", f"X-A: {CANARY * 120_000}"),
    "3,000 headers": head("GET / HTTP/1.1", *(f"X-{n}: {CANARY}" for n in range(3000))),
    "a long address": get("/?q=" + CANARY * 400),
    "an address of a megabyte": get("/" + CANARY * 120_000),
    "400 ranges": head("GET /assets/app.css HTTP/1.1", f"Range: bytes={'0-,' * 400}0-"),
    "ranges that overlap": head(
        "GET /static/js/index.js HTTP/1.1", f"Range: bytes={','.join(['0-1000'] * 60)}"
    ),
    "a range of huge numbers": head("GET /assets/app.css HTTP/1.1", f"Range: bytes={'9' * 99}-"),
    "cookies": head("GET / HTTP/1.1", f"Cookie: _streamlit_xsrf={CANARY}; a={CANARY * 300}"),
    "a referer": head("GET / HTTP/1.1", f"Referer: https://x.example/?q={CANARY}"),
    "where somebody claims to come from": head(
        "POST /plain HTTP/1.1", FORM, f"Forwarded: for={CANARY}", f"X-Real-IP: {CANARY}",
        f"X-Forwarded-Host: {CANARY}.example", "X-Forwarded-Proto: javascript",
        "Content-Length: 0",
    ),
    "another way to name the address": head(
        "GET / HTTP/1.1", f"X-Original-URL: /{CANARY}", "X-Rewrite-URL: /staff/claims.csv",
        "X-HTTP-Method-Override: DELETE",
    ),
    "languages without end": head("GET / HTTP/1.1", f"Accept-Language: {'a,' * 9000}"),
    "packed": head("GET / HTTP/1.1", f"Accept-Encoding: {CANARY};q=9e999, gzip;q=1e400"),
}  # fmt: skip
FORMS = {
    "nothing": b"",
    "no field": f"a={CANARY}".encode(),
    "10,000 fields": b"&".join(b"a%d=1" % n for n in range(10_000)),
    "not ASCII": b"q=\xff\xfe" + CANARY.encode(),
    "half an escape": f"%q={CANARY}%&=%zz".encode(),
    "only signs": b"q=%00%01%E2%80%AE%EF%BF%BE",
    "too long": b"x=" + CANARY.encode() * 20_000,
}
BODIES = {
    "nothing": b"",
    "no JSON": f"{{{CANARY}".encode(),
    "half a surrogate": b'{"query": "\\ud83d"}',
    "surrogates in a name": b'{"\\udc00": "a", "query": "b"}',
    "60,000 brackets": b"[" * 60_000,
    "60,000 objects": b'{"query":' * 6_000,
    "k of 6,000 digits": b'{"query": "neck", "k": ' + b"9" * 6_000 + b"}",
    "k not a number": b'{"query": "neck", "k": NaN}',
    "k without end": b'{"query": "neck", "k": 1e999}',
    "k a truth": b'{"query": "neck", "k": true}',
    "a query that is a list": f'{{"query": ["{CANARY}"]}}'.encode(),
    "a query of nulls": b'{"query": "\\u0000\\u0000"}',
    "a byte order mark": b'\xef\xbb\xbf{"query": "neck"}',
    "UTF-16": '{"query": "neck"}'.encode("utf-16"),
    "more names": f'{{"query": "neck", "{CANARY}": 1, "__proto__": {{}}}}'.encode(),
    "too long": b'{"query": "' + CANARY.encode() * 20_000 + b'"}',
}
