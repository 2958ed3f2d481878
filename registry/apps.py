"""Django registration of the app; its businesses and places make themselves known here."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Schools, students, plans, admission lists, batches."""

    name = "registry"
    verbose_name = "学籍"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the businesses of the register with the chain, its papers with the way out, and its places with the frame."""
        from approvals.kinds import register
        from linxia_xueji.rules import announce
        from registry import (
            navigation,
            navigation_comparing,
            navigation_inspecting,
            navigation_lists,
            navigation_offices,
            navigation_problems,
            navigation_rosters,
            navigation_turn,
            navigation_verifying,
        )
        from registry.demo.chapters import announce as announce_chapter
        from registry.entry import navigation as navigation_entry
        from registry.entry.chapter import CHAPTER
        from registry.entry.rules import ENTRY
        from registry.kinds import ENROLMENT_BATCH, NUMBER_VOIDING
        from registry.own_papers import PAPERS
        from registry.paper_kinds import declare
        from registry.rosters.chapter import CHAPTER as ROSTERS_CHAPTER

        register(ENROLMENT_BATCH)
        register(NUMBER_VOIDING)
        announce(ENROLMENT_BATCH.book, NUMBER_VOIDING.book, ENTRY)
        declare(*PAPERS)
        navigation.places()
        navigation_lists.places()
        navigation_offices.places()
        navigation_problems.places()
        navigation_turn.places()
        navigation_rosters.places()
        navigation_entry.places()
        navigation_comparing.places()
        navigation_verifying.places()
        navigation_inspecting.places()
        announce_chapter(CHAPTER)
        announce_chapter(ROSTERS_CHAPTER)
