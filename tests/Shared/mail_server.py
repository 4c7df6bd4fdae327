"""A real mail server for tests: aiosmtpd on a loopback port, every message it takes written to a folder as JSON.

What it does is chosen by the recipient's name: temporary@ is refused with 451 each time, once@ the first time, grey@ with
450 4.7.1, unknown@ with 550, full@ with 552; held@ is written down and not answered until a file "release" is in the folder;
content that holds "refuse this content" is refused with 554. Prints its port when it listens.
"""
import argparse
import asyncio
import base64
import email
import email.policy
import json
import os
import pathlib
import ssl

from aiosmtpd.smtp import SMTP, AuthResult

REFUSED = {
    "temporary": "451 4.3.0 come back later",
    "grey": "450 4.7.1 greylisted",
    "unknown": "550 5.1.1 nobody here is called that",
    "full": "552 5.2.2 the mailbox is full",
}


class Mailbox:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.seen = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "once" and address not in self.seen:
            self.seen.add(address)
            return REFUSED["temporary"]
        if name in REFUSED:
            return REFUSED[name]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        if b"refuse this content" in envelope.content:
            return "554 5.6.0 not with this content"
        self.write(server, session, envelope)
        if envelope.rcpt_tos[0].startswith("held@"):
            while not (self.folder / "release").exists():
                await asyncio.sleep(0.05)
        return "250 2.0.0 queued as 4711"

    def write(self, server, session, envelope):
        raw = envelope.original_content
        message = email.message_from_bytes(raw, policy=email.policy.default)
        taken = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": server.transport.get_extra_info("sslcontext") is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "headers": [[name, str(value)] for name, value in message.items()],
            "text": message.get_content(),
            "raw": base64.b64encode(raw).decode(),
            "defects": [str(d) for d in message.defects],
        }
        number = len(list(self.folder.glob("*.json")))
        unfinished = self.folder / f"{number:04}.new"
        unfinished.write_text(json.dumps(taken))
        unfinished.rename(self.folder / f"{number:04}.json")


def sign_in(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"incidents", b"right password"), handled=False, auth_data=data)


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--folder", required=True)
    options.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    options.add_argument("--certificate")
    options.add_argument("--key")
    options.add_argument("--sign-in", choices=["none", "plain", "login"], default="none")
    given = options.parse_args()
    context = None
    if given.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(given.certificate, given.key)
    known = {}
    if given.sign_in != "none":
        other = {"plain": "LOGIN", "login": "PLAIN"}[given.sign_in]
        known = dict(authenticator=sign_in, auth_required=True, auth_require_tls=False, auth_exclude_mechanism=[other])
    mailbox = Mailbox(given.folder)
    serve = lambda: SMTP(
        mailbox, hostname="mail.test", tls_context=context if given.tls == "starttls" else None,
        require_starttls=given.tls == "starttls", enable_SMTPUTF8=True, **known)
    listening = await asyncio.get_running_loop().create_server(
        serve, "127.0.0.1", 0, ssl=context if given.tls == "implicit" else None)
    print(listening.sockets[0].getsockname()[1], flush=True)

    # Whoever started this holds its input open; a test run that dies leaves no server behind.
    await asyncio.get_running_loop().run_in_executor(None, lambda: os.read(0, 1))
    os._exit(0)


asyncio.run(main())
