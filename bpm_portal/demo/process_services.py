"""The service functions that the demo's diagrams call, and an example of how to write one."""

from typing import Any

from django.core.mail import send_mail
from django.utils import timezone

from processes.service_calls import ServiceCall, service
from records.models import Record
from records.services import change_record


@service("register-contract")
def register_contract(call: ServiceCall) -> str:
    """Give the contract its registry number and note it on the record; the same number at every attempt."""
    number = f"REG-{call.instance_id:05d}"
    record = Record.objects.filter(pk=call.record_id).first()
    if record is None:
        raise LookupError("there is no contract to register")
    change_record(
        record=record, values={"registry_number": number, "state": "in_force"}, by=None, now=timezone.now()
    )
    return number


@service("send-order")
def send_order(call: ServiceCall) -> str:
    """Mail the order to the chosen supplier; an unreachable mail server is an incident."""
    number = f"PO-{call.instance_id:05d}"
    supplier: Any = call.variables.get("supplier") or {}
    send_mail(
        subject=f"Order {number}",
        message=f"{supplier.get('caption', 'Supplier')}: please deliver for {call.variables.get('price')}.",
        from_email=None,
        recipient_list=["orders@example.com"],
    )
    return number
