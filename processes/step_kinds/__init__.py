"""The kinds of human steps that come with the portal; importing them registers them."""

from processes.step_kinds import form, perform_task, user_question

__all__ = ["form", "perform_task", "user_question"]
