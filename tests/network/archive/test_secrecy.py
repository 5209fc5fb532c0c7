"""What is masked, per platform: nothing secret stays, what is none stays readable, and every mask leads back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunwang.inventories.network import Platform
from yunwang.network.archive.secrecy import MASK, Masker, unmask

KEY = b"a key for tests"
VRP, COMWARE, IOS, FRR, RGOS = (
    Platform.HUAWEI_VRP,
    Platform.HP_COMWARE,
    Platform.CISCO_IOS,
    Platform.FRR,
    Platform.RUIJIE_OS,
)
# `⟦…⟧` is secret: the line without the brackets goes in, and comes out with a mask in their place.
SECRET = {
    VRP: r"""
snmp-agent community read cipher ⟦%^%#abc%^%#⟧ acl 2000
undo snmp-agent community read cipher ⟦%^%#abc%^%#⟧
snmp-agent community write ⟦cipher⟧
snmp-agent target-host trap address udp-domain 10.0.0.20 params securityname cipher ⟦%^%#abc%^%#⟧ v2c
snmp-agent target-host trap address udp-domain 10.0.0.20 params securityname ⟦city⟧
snmp-agent usm-user v3 u g authentication-mode sha ⟦%^%#a1%^%#⟧ privacy-mode aes128 ⟦%^%#b2%^%#⟧
snmp-agent usm-user v3 u authentication-mode sha2-256 cipher ⟦%^%#a1%^%#⟧
 local-user old password irreversible-cipher ⟦$1a$def$⟧ privilege level 15
 super password ⟦level 3 cipher N`C55QK<`=/Q=^Q`MAF4<1!!⟧
 set authentication password cipher ⟦short⟧
 ospf authentication-mode md5 1 cipher ⟦short⟧
 ospf authentication-mode simple ⟦short⟧
 isis authentication-mode md5 cipher ⟦short level-2⟧
 vrrp vrid 1 authentication-mode md5 ⟦short⟧
 peer 10.0.0.1 password cipher ⟦short⟧
 radius-server shared-key cipher ⟦short⟧
 pre-shared-key ⟦short⟧
 key-string cipher ⟦short⟧
 ntp-service authentication-keyid 1 authentication-mode md5 cipher ⟦short⟧
 md5-password cipher ⟦1.1.1.1 short⟧
 wlan security wpa2 psk ⟦pass-phrase short aes⟧
""",
    COMWARE: r"""
snmp-agent community write simple ⟦city⟧ acl 2000
snmp-agent usm-user v3 u g cipher authentication-mode sha ⟦$c$3$a⟧ privacy-mode aes128 ⟦$c$3$b⟧
 password hash ⟦$h$6$abcdef⟧
 key authentication cipher ⟦$c$3$abc⟧
 primary authentication 10.0.0.1 1812 key cipher ⟦$c$3$abc⟧ weight 80
 super password ⟦role network-admin hash $h$6$abcdef⟧
""",
    IOS: r"""
username admin privilege 15 secret 9 ⟦$9$new⟧
username admin password 7 ⟦0011⟧
enable secret 5 ⟦$1$abc$defghijk⟧
enable password ⟦two words⟧
snmp-server community ⟦public⟧ RO 10
snmp-server host 10.0.0.1 version 2c ⟦public⟧
snmp-server host 10.0.0.1 traps version 2c ⟦public⟧ bgp
snmp-server host 10.0.0.1 ⟦public⟧
 ip ospf message-digest-key 1 md5 7 ⟦0822455D0A16⟧
 ip ospf authentication-key ⟦petty⟧
 neighbor 10.0.0.1 password 7 ⟦1234⟧
  key-string 7 ⟦next⟧
 key ⟦for-radius⟧
 key 7 ⟦0011⟧
radius-server host 10.0.0.1 auth-port 1812 acct-port 1813 key 7 ⟦0011⟧
tacacs-server key ⟦petty⟧
crypto isakmp key ⟦petty⟧ address 0.0.0.0
ntp authentication-key 1 md5 ⟦petty⟧ 7
 standby 1 authentication md5 ⟦key-string 7 0011⟧
 standby 1 authentication ⟦petty⟧
 isis password ⟦petty level-1⟧
 area-password ⟦petty⟧
""",
    RGOS: r"""
snmp-server community 7 ⟦0822455D0A16⟧ rw
snmp-server user u g v3 encrypted auth md5 ⟦ABC⟧ priv aes128 ⟦DEF⟧
 pre-shared-key ⟦address 10.0.0.1 key petty⟧
""",
    FRR: r"""
password 8 ⟦abcdefgh⟧
 ip ospf message-digest-key 1 md5 ⟦petty⟧
 neighbor 10.0.0.9 password ⟦petty⟧
 ipv6 ospf6 authentication ⟦key-id 1 hash-algo md5 key petty⟧
 ip rip authentication string ⟦petty⟧
 isis password clear ⟦petty⟧
""",
}
PUBLIC = {
    VRP: """
snmp-agent community complexity-check disable
 authentication-mode aaa
 authentication-mode radius local
 ospf authentication-mode keychain KC
ssh server cipher aes256_ctr aes128_ctr
ssh user admin authentication-type password
 undo password alert original
 radius-server authentication 10.0.0.1 1812 weight 80
 apply community 65000:1
 local-user old service-type ssh
interface HundredGigabitEthernet1/0/25
 ipv6 address 2001:db8:1ff::1/128
 description to yz-core-a GigabitEthernet1/0/48, circuit 4711-0815-AbCdEf
""",
    COMWARE: """
 key 1
password-control enable
ssh2 algorithm cipher aes128-ctr aes192-ctr
""",
    IOS: """
service password-encryption
key chain CITY
 key 1
snmp-server enable traps
snmp-server user u g v3
 neighbor 10.0.0.1 send-community both
 ip ospf authentication message-digest
 area 0 authentication message-digest
aaa authentication login default local
 set community 65000:1
 match community X
ip domain name yunzhou.example
""",
}
LINES = [(platform, line) for platform, text in SECRET.items() for line in text.strip("\n").splitlines()]
WITHOUT = [(platform, line) for platform, text in PUBLIC.items() for line in text.strip("\n").splitlines()]


@pytest.mark.parametrize(("platform", "marked"), LINES, ids=[line for _, line in LINES])
def test_what_is_secret_is_masked_and_nothing_else_of_the_line(platform: Platform, marked: str) -> None:
    line = re.sub("[⟦⟧]", "", marked)
    masked = Masker(KEY, "a", platform).mask(line)
    assert MASK.sub("⟦⟧", masked.text) == re.sub("⟦.*?⟧", "⟦⟧", marked)
    assert [*masked.secrets.values()] == re.findall("⟦(.*?)⟧", marked)
    assert unmask(masked.text, masked.secrets.__getitem__) == line


@pytest.mark.parametrize(("platform", "line"), WITHOUT, ids=[line for _, line in WITHOUT])
def test_what_is_no_secret_stays(platform: Platform, line: str) -> None:
    assert Masker(KEY, "a", platform).mask(line).text == line


@pytest.mark.parametrize(
    "secret",
    [
        "%^%#Rd8!kq(o%^%#",
        "%@%@Rd8!kq(o%@%@",
        "$1a$q~abcdef$",
        "$c$3$abcdef==",
        "$6$rounds=5000$abc",
        "N`C55QK<`=/Q=^Q`MAF4<1!!",
        "0123456789abcdef0123456789ABCDEF",
        "AAAAB3NzaC1yc2EAAAADAQABAAABgQDEbX7",
        "<hmac:00000000000000000000>",
    ],
)
def test_what_looks_secret_is_masked_where_no_row_knows_it(secret: str) -> None:
    for platform in Platform:
        masked = Masker(KEY, "a", platform).mask(f" something of a later release {secret} with more")
        assert secret not in masked.text
        assert masked.text.startswith(" something of a later release ")
        assert unmask(masked.text, masked.secrets.__getitem__).count(secret) == 1


def test_a_mask_tells_nothing_without_the_key_and_equal_secrets_of_a_device_are_equal() -> None:
    line = "snmp-server community public RO"

    def mask(key: bytes, device: str) -> str:
        return Masker(key, device, IOS).mask(line).text

    assert mask(KEY, "a") == mask(KEY, "a")
    assert len({mask(KEY, "a"), mask(KEY, "b"), mask(b"another", "a")}) == 3


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from(Platform))
def test_whatever_a_device_says_every_mask_leads_back(text: str, platform: Platform) -> None:
    said = f"{text}\nsnmp-server community {text} RO\n password cipher {text}"
    masked = Masker(KEY, "a", platform).mask(said)
    assert unmask(masked.text, masked.secrets.__getitem__) == said


@given(st.from_regex(r"[!-~]{6,20}", fullmatch=True), st.sampled_from(Platform))
def test_no_password_stays_behind_the_words_that_announce_one(secret: str, platform: Platform) -> None:
    for words in ("password {}", "username x secret 0 {}", " key-string {}", "radius-server key {}", "snmp-server community {} RO"):
        assert secret not in MASK.sub("", Masker(KEY, "a", platform).mask(words.format(secret)).text).split()


def test_captures_of_real_devices_lead_back(captures: Path) -> None:
    for file in captures.rglob("*"):
        if file.suffix in (".raw", ".yaml", ".yml", ".cfg", ".txt"):
            text = file.read_text(errors="replace")
            for platform in (VRP, IOS):
                masked = Masker(KEY, "a", platform).mask(text)
                assert unmask(masked.text, masked.secrets.__getitem__) == text
                assert not re.search(r"irreversible-cipher (?!<hmac)\S", masked.text)
