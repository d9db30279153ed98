from __future__ import annotations
from collections.abc import Callable
from dataclasses import replace
import numpy as np, pytest
from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.score import *
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.gui.view_models import result_view
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.protocol import TakeResult
from pronounce_kiosk.session.states import State

@pytest.mark.parametrize("language", ["ko", "en"])
def test_render(make_hands: Callable, lists, language: str, expected_log) -> None:
    hands = make_hands(language=language, settings=Settings(keep_takes=True))
    window, model = hands.window, hands.model
    cases = [("소의 뿔이 풀에 닿았어요.","ko",2,(PhoneScore("ㅃ",30,"ㅂ"),),(),31),("산에 가요","ko",0,(PhoneScore("ㄴ_",30,"ㅇ_"),),(),31),
      ("따뜻한 국물이 좋아요","ko",3,(),(Remark(RemarkKind.AS_SPELLED,3,4),),79),("I think this is the third one.","en",1,(PhoneScore("TH",30,"S"),),(),59),
      ("그 코끼리는 코가 커요.","ko",1,(PhoneScore("ㅗ",30,"ㅓ"),),(),40)]
    model.choose(lists[0], 0)
    for n,(text,l,i,phones,remarks,pts) in enumerate(cases):
        s=Sentence("x",text,l); said=split_units(text,l)
        units=tuple(UnitScore(u.text,k*.2,k*.2+.2,95.0 if k!=i else float(pts),phones=phones if k==i else ()) for k,u in enumerate(said))
        clip=AudioClip.from_array(np.zeros(1600,np.float32),16000); image=np.tile(np.arange(128,dtype=np.uint8),(64,1))
        sc=Score(Verdict.SCORED,84.0,80.0,95.0,92.0,units,(),remarks)
        model.session.state=State.RESULT
        model.result=result_view(s,TakeResult(sc,image,image,clip),clip,said)
        model.state_changed.emit()
        window.grab().save(f"/tmp/coach/r_{language}_{n}.png")
