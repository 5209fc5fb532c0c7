"""The storage of a lab cloud: volumes that exist in cinder's database only, in a pool of the size the cloud has. Stores nothing."""
# mypy: disable-error-code="import-not-found, misc"
# Reason: cinder is not installed where mypy runs.

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cinder import context, objects
from cinder.volume import driver
from oslo_config import cfg

POOL = "lab"


class Storage(driver.VolumeDriver):
    """Free space is what the volumes on this back end leave, counted anew for every report to the scheduler."""

    VERSION = "1.0"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stats: dict[str, Any] = {}
        self.total_gb: int = json.loads((Path(cfg.CONF.state_path).parent / "cloud.json").read_text())["volume_gib"]

    def nothing(self, *args: Any, **kwargs: Any) -> None:
        """There is no disk to touch."""

    do_setup = check_for_setup_error = create_volume = delete_volume = create_cloned_volume = nothing
    create_volume_from_snapshot = create_snapshot = delete_snapshot = extend_volume = nothing
    ensure_export = create_export = remove_export = terminate_connection = nothing
    copy_image_to_volume = copy_volume_to_image = nothing

    def initialize_connection(self, volume: Any, connector: Any, **kwargs: Any) -> dict[str, Any]:
        """What nova's fake driver is content with."""
        return {"driver_volume_type": "fake", "data": {"volume_id": volume.id}}

    def _update_volume_stats(self) -> None:
        volumes = objects.VolumeList.get_all_by_host(context.get_admin_context(), self.host)
        used = sum(volume.size for volume in volumes)
        pool = {
            "pool_name": POOL,
            "total_capacity_gb": self.total_gb,
            "free_capacity_gb": max(0, self.total_gb - used),
            "provisioned_capacity_gb": used,
            "reserved_percentage": 0,
            "thin_provisioning_support": False,
            "multiattach": True,
        }
        self._stats = {
            "volume_backend_name": POOL,
            "vendor_name": "lab",
            "driver_version": self.VERSION,
            "storage_protocol": "fake",
            "pools": [pool],
        }
