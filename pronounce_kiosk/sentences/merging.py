"""Merge a list that is imported again: new, changed, kept and removed sentences."""

from __future__ import annotations

from dataclasses import replace

from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences.stored import ImportReport


def merge_lists(
    old: SentenceList, new: SentenceList, replace_all: bool
) -> tuple[SentenceList, ImportReport]:
    """Merge the new list's sentences into the old list, which keeps its name and level."""
    incoming = {sentence.id: sentence for sentence in new.sentences}
    by_text = {(s.language, s.text): s for s in new.sentences}
    known_ids = {sentence.id for sentence in old.sentences}
    taken: set[str] = set()
    sentences: list[Sentence] = []
    updated = kept = 0
    for sentence in old.sentences:
        match = incoming.get(sentence.id)
        if match is None:
            twin = by_text.get((sentence.language, sentence.text))
            match = twin if twin is not None and twin.id not in known_ids else None
        if match is None:
            if not replace_all:
                sentences.append(sentence)
                kept += 1
            continue
        taken.add(match.id)
        changed = replace(match, id=sentence.id, audio=match.audio or sentence.audio)
        updated += changed != sentence
        kept += changed == sentence
        sentences.append(changed)
    texts = {(s.language, s.text) for s in sentences}
    fresh = [s for s in new.sentences if s.id not in taken and (s.language, s.text) not in texts]
    result = replace(old, sentences=(*sentences, *fresh))
    removed = len(old.sentences) + len(fresh) - len(result.sentences)
    return result, ImportReport(old.id, len(fresh), updated, kept, removed)
