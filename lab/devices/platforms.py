"""The platforms that the lab plays, by name. Adding one is one line here."""

from __future__ import annotations

from collections.abc import Mapping

from yunwang.inventories.network import Platform as Name
from yunwang.lab.devices import cisco_ios, frr, hp_comware, huawei_vrp, huawei_vrpv8, ruijie_os
from yunwang.lab.devices.platform import Platform

PLATFORMS: Mapping[Name, Platform] = {
    Name.HUAWEI_VRP: huawei_vrp.PLATFORM,
    Name.HUAWEI_VRPV8: huawei_vrpv8.PLATFORM,
    Name.HP_COMWARE: hp_comware.PLATFORM,
    Name.RUIJIE_OS: ruijie_os.PLATFORM,
    Name.CISCO_IOS: cisco_ios.PLATFORM,
    Name.CISCO_XE: cisco_ios.PLATFORM,
    Name.FRR: frr.PLATFORM,
}
