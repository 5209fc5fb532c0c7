"""The one way a plan becomes real: observe, check policy, approve, lease, apply in waves, verify, record, resume, roll back.

Nothing is ever applied around it. It knows no cloud, no vendor and no playbook: jobs do.
"""
