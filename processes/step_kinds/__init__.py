"""The kinds of human steps that come with the portal; importing them registers them."""

from processes.step_kinds import approval, edit_record, form, page, perform_task, send_email, user_question

__all__ = ["approval", "edit_record", "form", "page", "perform_task", "send_email", "user_question"]
