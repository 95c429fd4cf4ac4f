"""Django's entry to the processes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProcessesConfig(AppConfig):
    """Registers the step kinds and fills the ports of the lower apps."""

    name = "processes"
    verbose_name = _("Processes")

    def ready(self) -> None:
        """Fill the registries and the ports; models are loaded by now."""
        from activities import captions as record_captions
        from activities import lifecycle as activities
        from bpm_portal.common import actions, navigation, walks
        from bpm_portal.common import timeline as happenings
        from processes import handlers, hooks, kinds, outbox, pages, service_calls, timeline
        from processes.services import captions
        from records import lifecycle as records

        kinds.autodiscover()
        service_calls.autodiscover()
        pages.autodiscover()
        activities.register(hooks.MANAGER, hooks.StepManager())
        activities.register_reach(hooks.activities_within_reach)
        records.register_reach(hooks.records_within_reach)
        records.register(hooks.hear_of_record)
        records.register_holder(hooks.hold_instances)
        records.register_keeper(hooks.let_go_of_record)
        record_captions.register(captions.carry_caption)
        actions.register(actions=hooks.offer_actions, panels=hooks.offer_panels, pending=hooks.count_pending)
        navigation.register(hooks.menu)
        happenings.register(timeline.tell, timeline.STEPS)
        walks.register("step", waiting=hooks.still_waiting, url=hooks.step_url)
        outbox.register(handlers.handle_events)
