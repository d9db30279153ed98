<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR" sourcelanguage="en_US">
<context>
    <name>Advice</name>
    <message>
        <location filename="../messages.py" line="81"/>
        <source>Come closer to the microphone and say it again.</source>
        <translation>마이크에 가까이 와서 다시 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="82"/>
        <source>Once more, a little louder.</source>
        <translation>다시, 조금 더 크게 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="83"/>
        <source>Once more, a little softer or further away.</source>
        <translation>다시, 조금 작게 또는 조금 떨어져서 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="84"/>
        <source>Wait until it is quieter, then say it again.</source>
        <translation>조용해지면 다시 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="85"/>
        <source>Say the whole sentence, to the end.</source>
        <translation>문장을 끝까지 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="86"/>
        <source>Say just this sentence, then stop.</source>
        <translation>이 문장만 말하고 멈춰 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="87"/>
        <source>Listen first, then say this sentence.</source>
        <translation>먼저 들어 보고 이 문장을 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="88"/>
        <source>Please say it once more.</source>
        <translation>한 번 더 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="99"/>
        <source>Say “{text}” more clearly.</source>
        <translation>‘{text}’ 소리를 더 또렷하게 내 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="101"/>
        <source>Here “{text}” sounds like [{said}].</source>
        <translation>여기서 ‘{text}’ 자는 [{said}]처럼 소리 나요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="102"/>
        <source>Too slow: say it in one flow, like the example.</source>
        <translation>너무 천천히 말했어요. 예시처럼 이어 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="103"/>
        <source>Too fast: take your time with every sound.</source>
        <translation>너무 빨라요. 한 소리씩 천천히 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="104"/>
        <source>Listen to the example and copy each sound.</source>
        <translation>예시를 듣고 소리를 하나씩 따라 해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="105"/>
        <source>Say it in one go, without stopping.</source>
        <translation>멈추지 말고 한 번에 이어 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="106"/>
        <source>Copy how the voice goes up and down.</source>
        <translation>목소리의 높낮이를 따라 해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="107"/>
        <source>Listen to the example, then try again.</source>
        <translation>예시를 듣고 다시 해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="108"/>
        <source>Well done! Try once more for another star.</source>
        <translation>잘했어요! 한 번 더 하면 별을 더 받아요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="109"/>
        <source>Excellent! Just like the example.</source>
        <translation>아주 훌륭해요! 예시와 똑같아요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="89"/>
        <source>You left out “{text}”.</source>
        <translation>‘{text}’ 부분이 빠졌어요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="119"/>
        <source>It was a little too loud.</source>
        <translation>목소리가 조금 컸어요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="90"/>
        <source>You stopped after “{text}”. Say it to the end.</source>
        <translation>“{text}” 뒤에서 멈췄어요. 끝까지 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="91"/>
        <source>I heard something extra before “{text}”.</source>
        <translation>“{text}” 앞에 없는 말이 더 들렸어요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="92"/>
        <source>I heard something extra after “{text}”.</source>
        <translation>“{text}” 뒤에 없는 말이 더 들렸어요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="93"/>
        <source>You paused long before “{text}”. Say it in one go.</source>
        <translation>“{text}” 앞에서 오래 쉬었어요. 한 번에 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="94"/>
        <source>In “{text}” I heard {heard}, not {target}.</source>
        <translation>“{text}”의 {target}이(가) {heard}처럼 들렸어요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="95"/>
        <source>“{text}” ended in {heard}, not in {target}.</source>
        <translation>“{text}”의 받침 {target}이(가) {heard}처럼 들렸어요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="96"/>
        <source>I did not hear the {target} at the end of “{text}”.</source>
        <translation>“{text}”의 끝소리 {target}이(가) 들리지 않았어요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="97"/>
        <source>I heard an extra {heard} at the end of “{text}”.</source>
        <translation>“{text}” 끝에 {heard} 소리가 더 들렸어요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="98"/>
        <source>You read “{text}” as spelled: say [{said}].</source>
        <translation>“{text}”을(를) 글자대로 읽었어요. [{said}](으)로 소리 내요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="100"/>
        <source>“{text}” sounds right.</source>
        <translation>“{text}” 소리가 맞아요.</translation>
    </message>
</context>
<context>
    <name>AnimalScreen</name>
    <message>
        <location filename="../screens/learners.py" line="129"/>
        <source>Choose your animal</source>
        <translation>동물을 골라 보세요</translation>
    </message>
</context>
<context>
    <name>Animals</name>
    <message>
        <location filename="../messages.py" line="125"/>
        <source>Tiger</source>
        <translation>호랑이</translation>
    </message>
    <message>
        <location filename="../messages.py" line="126"/>
        <source>Rabbit</source>
        <translation>토끼</translation>
    </message>
    <message>
        <location filename="../messages.py" line="127"/>
        <source>Bear</source>
        <translation>곰</translation>
    </message>
    <message>
        <location filename="../messages.py" line="128"/>
        <source>Cat</source>
        <translation>고양이</translation>
    </message>
    <message>
        <location filename="../messages.py" line="129"/>
        <source>Dog</source>
        <translation>강아지</translation>
    </message>
    <message>
        <location filename="../messages.py" line="130"/>
        <source>Fox</source>
        <translation>여우</translation>
    </message>
    <message>
        <location filename="../messages.py" line="131"/>
        <source>Panda</source>
        <translation>판다</translation>
    </message>
    <message>
        <location filename="../messages.py" line="132"/>
        <source>Penguin</source>
        <translation>펭귄</translation>
    </message>
    <message>
        <location filename="../messages.py" line="133"/>
        <source>Frog</source>
        <translation>개구리</translation>
    </message>
    <message>
        <location filename="../messages.py" line="134"/>
        <source>Owl</source>
        <translation>부엉이</translation>
    </message>
    <message>
        <location filename="../messages.py" line="135"/>
        <source>Pig</source>
        <translation>돼지</translation>
    </message>
    <message>
        <location filename="../messages.py" line="136"/>
        <source>Chick</source>
        <translation>병아리</translation>
    </message>
</context>
<context>
    <name>Aspects</name>
    <message>
        <location filename="../messages.py" line="143"/>
        <source>Sounds</source>
        <translation>소리</translation>
    </message>
    <message>
        <location filename="../messages.py" line="144"/>
        <source>Flow</source>
        <translation>흐름</translation>
    </message>
    <message>
        <location filename="../messages.py" line="145"/>
        <source>Melody</source>
        <translation>억양</translation>
    </message>
</context>
<context>
    <name>Changes</name>
    <message>
        <location filename="../teacher/texts.py" line="59"/>
        <source>Undo import</source>
        <translation>가져오기 되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="60"/>
        <source>Undo edit</source>
        <translation>고친 것 되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="61"/>
        <source>Undo new</source>
        <translation>추가 되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="62"/>
        <source>Undo move</source>
        <translation>옮긴 것 되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="64"/>
        <source>Undo hide</source>
        <translation>숨긴 것 되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="65"/>
        <source>Undo show</source>
        <translation>보이기 되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="66"/>
        <source>Undo delete</source>
        <translation>지운 것 되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="67"/>
        <source>Undo sound</source>
        <translation>녹음 되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="68"/>
        <source>Undo restore</source>
        <translation>복원 되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="69"/>
        <source>Undo</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="63"/>
        <source>Undo rename</source>
        <translation>이름 바꾸기 취소</translation>
    </message>
</context>
<context>
    <name>CloserScreen</name>
    <message>
        <location filename="../screens/closer.py" line="99"/>
        <source>Example</source>
        <translation>예시</translation>
    </message>
    <message>
        <location filename="../screens/closer.py" line="92"/>
        <source>Play the example</source>
        <translation>예시 듣기</translation>
    </message>
    <message>
        <location filename="../screens/closer.py" line="100"/>
        <source>Mine</source>
        <translation>내 소리</translation>
    </message>
    <message>
        <location filename="../screens/closer.py" line="93"/>
        <source>Play my voice</source>
        <translation>내 소리 듣기</translation>
    </message>
    <message>
        <location filename="../screens/closer.py" line="94"/>
        <source>Both</source>
        <translation>둘 다</translation>
    </message>
    <message>
        <location filename="../screens/closer.py" line="94"/>
        <source>Play the example, then my voice</source>
        <translation>예시와 내 소리 차례로 듣기</translation>
    </message>
    <message>
        <location filename="../screens/closer.py" line="95"/>
        <source>Back to the score</source>
        <translation>점수로 돌아가기</translation>
    </message>
    <message>
        <location filename="../screens/closer.py" line="98"/>
        <source>Melody</source>
        <translation>억양</translation>
    </message>
    <message>
        <location filename="../screens/closer.py" line="101"/>
        <source>Both voices, syllable under syllable</source>
        <translation>글자마다 맞춰 놓은 두 목소리</translation>
    </message>
    <message>
        <location filename="../screens/closer.py" line="96"/>
        <source>The syllables before</source>
        <translation>앞 글자</translation>
    </message>
    <message>
        <location filename="../screens/closer.py" line="97"/>
        <source>The syllables after</source>
        <translation>다음 글자</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <location filename="../messages.py" line="43"/>
        <source>This recording cannot be read. Please record again.</source>
        <translation>녹음을 읽을 수 없어요. 다시 녹음해 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="44"/>
        <source>This list cannot be read. Please choose another.</source>
        <translation>이 목록을 읽을 수 없어요. 다른 목록을 골라 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="45"/>
        <source>I cannot say this sentence yet. Please choose another one.</source>
        <translation>이 문장은 아직 들려줄 수 없어요. 다른 문장을 골라 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="48"/>
        <source>The scoring model is missing or damaged. Please tell your teacher.</source>
        <translation>점수를 매기는 모델이 없거나 망가졌어요. 선생님께 알려 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="51"/>
        <source>Please check that the microphone is plugged in.</source>
        <translation>마이크가 꽂혀 있는지 봐 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="53"/>
        <source>A setting is wrong. Please tell your teacher.</source>
        <translation>설정이 잘못됐어요. 선생님께 알려 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="55"/>
        <source>Something unexpected happened. Your turn was not counted.</source>
        <translation>뜻밖의 일이 생겼어요. 이번 연습은 기록하지 않았어요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="52"/>
        <source>Results cannot be saved. Please tell your teacher.</source>
        <translation>결과를 저장할 수 없어요. 선생님께 알려 주세요.</translation>
    </message>
</context>
<context>
    <name>FailsafeScreen</name>
    <message>
        <location filename="../screens/pictured.py" line="83"/>
        <source>Sorry!</source>
        <translation>미안해요!</translation>
    </message>
    <message>
        <location filename="../screens/pictured.py" line="84"/>
        <source>Back to the start</source>
        <translation>처음으로</translation>
    </message>
</context>
<context>
    <name>GoodbyeScreen</name>
    <message>
        <location filename="../screens/pictured.py" line="128"/>
        <source>See you next time!</source>
        <translation>다음에 또 만나요!</translation>
    </message>
    <message>
        <location filename="../screens/pictured.py" line="131"/>
        <source>Everything is saved. You can pull the plug now.</source>
        <translation>모두 저장했어요. 이제 전원 플러그를 뽑아도 돼요.</translation>
    </message>
    <message>
        <location filename="../screens/pictured.py" line="129"/>
        <source>Switching off. When the screen is dark, you can pull the plug.</source>
        <translation>기기를 끄고 있어요. 화면이 까매지면 전원 플러그를 뽑아도 돼요.</translation>
    </message>
</context>
<context>
    <name>Hints</name>
    <message>
        <location filename="../messages.py" line="165"/>
        <source>I am listening. Please speak.</source>
        <translation>듣고 있어요. 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="166"/>
        <source>Good, I can hear you.</source>
        <translation>좋아요, 잘 들려요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="167"/>
        <source>A little louder, please.</source>
        <translation>조금 더 크게 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="168"/>
        <source>Too loud: a little softer.</source>
        <translation>너무 커요. 조금 작게요.</translation>
    </message>
</context>
<context>
    <name>HomeScreen</name>
    <message>
        <location filename="../screens/home.py" line="185"/>
        <source>What shall we practise?</source>
        <translation>무엇을 연습할까요?</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="188"/>
        <source>{n} sentences</source>
        <translation>{n}문장</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="190"/>
        <source>1 sentence</source>
        <translation>1문장</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="190"/>
        <source>nothing to repeat</source>
        <translation>복습할 게 없어요</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="191"/>
        <source>Today&apos;s ten</source>
        <translation>오늘의 열 문장</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="193"/>
        <source>My progress</source>
        <translation>나의 발전</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="193"/>
        <source>Watch your sounds grow</source>
        <translation>소리가 자라요</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="192"/>
        <source>Sounds alike</source>
        <translation>비슷한 소리</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="192"/>
        <source>Hear and say which is which</source>
        <translation>듣고 가려서 말해요</translation>
    </message>
</context>
<context>
    <name>Keyboard</name>
    <message>
        <location filename="../teacher/keyboard.py" line="151"/>
        <source>Letters</source>
        <translation>글자</translation>
    </message>
    <message>
        <location filename="../teacher/keyboard.py" line="154"/>
        <source>Digits and signs</source>
        <translation>숫자와 기호</translation>
    </message>
    <message>
        <location filename="../teacher/keyboard.py" line="156"/>
        <source>English keys</source>
        <translation>영어 자판</translation>
    </message>
    <message>
        <location filename="../teacher/keyboard.py" line="158"/>
        <source>Korean keys</source>
        <translation>한글 자판</translation>
    </message>
    <message>
        <location filename="../teacher/keyboard.py" line="161"/>
        <source>Shift</source>
        <translation>시프트</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="169"/>
        <source>Delete</source>
        <translation>지우기</translation>
    </message>
    <message>
        <location filename="../teacher/keyboard.py" line="163"/>
        <source>Space</source>
        <translation>띄어쓰기</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="170"/>
        <source>Done</source>
        <translation>완료</translation>
    </message>
    <message>
        <location filename="../teacher/keyboard.py" line="165"/>
        <source>Comma</source>
        <translation>쉼표</translation>
    </message>
    <message>
        <location filename="../teacher/keyboard.py" line="166"/>
        <source>Full stop</source>
        <translation>마침표</translation>
    </message>
</context>
<context>
    <name>Languages</name>
    <message>
        <location filename="../messages.py" line="36"/>
        <source>Korean</source>
        <translation>한국어</translation>
    </message>
    <message>
        <location filename="../messages.py" line="36"/>
        <source>English</source>
        <translation>영어</translation>
    </message>
</context>
<context>
    <name>LearnersScreen</name>
    <message>
        <location filename="../screens/learners.py" line="83"/>
        <source>Who is practising?</source>
        <translation>누가 연습하나요?</translation>
    </message>
    <message>
        <location filename="../screens/learners.py" line="85"/>
        <source>Guest</source>
        <translation>손님</translation>
    </message>
    <message>
        <location filename="../screens/learners.py" line="86"/>
        <source>I am new</source>
        <translation>처음이에요</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <location filename="../widgets/attempts.py" line="138"/>
        <source>good</source>
        <translation>좋아요</translation>
    </message>
    <message>
        <location filename="../widgets/attempts.py" line="138"/>
        <source>nearly</source>
        <translation>거의 됐어요</translation>
    </message>
    <message>
        <location filename="../widgets/attempts.py" line="138"/>
        <source>practise</source>
        <translation>연습해요</translation>
    </message>
    <message>
        <location filename="../widgets/attempts.py" line="138"/>
        <source>left out</source>
        <translation>빠졌어요</translation>
    </message>
    <message>
        <location filename="../widgets/attempts.py" line="144"/>
        <source>Touch: hear it. Again: practise.</source>
        <translation>누르면 듣기, 또 누르면 연습</translation>
    </message>
</context>
<context>
    <name>ListCard</name>
    <message>
        <location filename="../screens/home.py" line="78"/>
        <source>1 sentence</source>
        <translation>문장 1개</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="78"/>
        <source>{n} sentences</source>
        <translation>문장 {n}개</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="79"/>
        <source>level {level}</source>
        <translation>{level}단계</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="79"/>
        <source>{n} done</source>
        <translation>{n}개 했음</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="97"/>
        <source>passed</source>
        <translation>통과</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="101"/>
        <source>still {sounds}</source>
        <translation>아직 {sounds}</translation>
    </message>
</context>
<context>
    <name>ListErrors</name>
    <message>
        <location filename="../teacher/texts.py" line="40"/>
        <source>The card or stick cannot be written. Check its free space.</source>
        <translation>카드나 USB에 쓸 수 없어요. 남은 공간을 확인해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="42"/>
        <source>The results cannot be read or written. Check the card.</source>
        <translation>결과를 읽거나 쓸 수 없어요. 카드를 확인해 주세요.</translation>
    </message>
</context>
<context>
    <name>NicknameScreen</name>
    <message>
        <location filename="../screens/learners.py" line="169"/>
        <source>What is your nickname?</source>
        <translation>별명이 뭐예요?</translation>
    </message>
    <message>
        <location filename="../screens/learners.py" line="170"/>
        <source>Ready</source>
        <translation>다 됐어요</translation>
    </message>
</context>
<context>
    <name>NotScoredScreen</name>
    <message>
        <location filename="../screens/pictured.py" line="49"/>
        <source>Listen</source>
        <translation>듣기</translation>
    </message>
    <message>
        <location filename="../screens/pictured.py" line="50"/>
        <source>Again</source>
        <translation>다시</translation>
    </message>
    <message>
        <location filename="../screens/pictured.py" line="51"/>
        <source>Next</source>
        <translation>다음</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <location filename="../messages.py" line="180"/>
        <source>No microphone. Please plug it in.</source>
        <translation>마이크가 없어요. 마이크를 꽂아 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="181"/>
        <source>The microphone went silent. Unplug it and plug it in again.</source>
        <translation>마이크가 멈췄어요. 뺐다가 다시 꽂아 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="184"/>
        <source>The microphone hears nothing. Check its switch or plug it in again.</source>
        <translation>마이크 소리가 없어요. 스위치를 봐 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="194"/>
        <source>No loudspeaker. Please plug it in.</source>
        <translation>스피커가 없어요. 스피커를 꽂아 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="177"/>
        <source>The sound has stopped working. Switch the device off and on.</source>
        <translation>소리 기능이 멈췄어요. 기기를 껐다 켜 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="187"/>
        <source>Too loud for the microphone. Step back a little.</source>
        <translation>마이크에 소리가 너무 커요. 조금 떨어져 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="190"/>
        <source>The microphone hums. Plug it into another socket.</source>
        <translation>마이크에서 웅웅 소리가 나요. 다른 단자에 꽂아 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="196"/>
        <source>The scoring model does not work. Another one is used. Tell your teacher.</source>
        <translation>채점 모델에 문제가 있어 다른 모델로 채점해요. 선생님께 알려 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="191"/>
        <source>Your result cannot be saved. The disk may be full. Tell your teacher.</source>
        <translation>결과를 저장할 수 없어요. 저장 공간이 부족할 수 있어요. 선생님께 알려 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="195"/>
        <source>It is louder here now. Come closer to the microphone.</source>
        <translation>주변이 시끄러워졌어요. 마이크에 더 가까이 오세요.</translation>
    </message>
</context>
<context>
    <name>PairsMenuScreen</name>
    <message>
        <location filename="../screens/pairs.py" line="73"/>
        <source>Words that sound alike</source>
        <translation>비슷한 소리</translation>
    </message>
</context>
<context>
    <name>PairsScreen</name>
    <message>
        <location filename="../screens/pairs.py" line="162"/>
        <source>Listen</source>
        <translation>듣기</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="152"/>
        <source>Others</source>
        <translation>다른 낱말</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="160"/>
        <source>Done</source>
        <translation>다 했어요</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="164"/>
        <source>Again</source>
        <translation>다시</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="165"/>
        <source>Speak</source>
        <translation>말하기</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="193"/>
        <source>Say “{word}”.</source>
        <translation>“{word}”, 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="185"/>
        <source>Which one do you hear? Tap it.</source>
        <translation>어느 것일까요? 들은 낱말을 누르세요.</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="186"/>
        <source>That was “{word}”. Listen to both.</source>
        <translation>방금 들은 것은 “{word}”. 둘 다 들어 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="187"/>
        <source>Now you: say “{word}”.</source>
        <translation>이제 “{word}”, 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="188"/>
        <source>I did not hear you. Say “{word}” again.</source>
        <translation>소리가 안 들렸어요. 다시 “{word}”, 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="189"/>
        <source>I heard “{other}”. Say “{word}” again.</source>
        <translation>“{other}”처럼 들렸어요. 다시 “{word}”, 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/pairs.py" line="190"/>
        <source>Right! I heard “{word}”.</source>
        <translation>맞아요! “{word}”, 잘 들렸어요.</translation>
    </message>
</context>
<context>
    <name>PastView</name>
    <message>
        <location filename="../widgets/attempts.py" line="35"/>
        <source>Last attempts: {scores}</source>
        <translation>최근 점수: {scores}</translation>
    </message>
    <message>
        <location filename="../widgets/attempts.py" line="37"/>
        <source>Best: {best}</source>
        <translation>최고 점수: {best}</translation>
    </message>
</context>
<context>
    <name>PracticeScreen</name>
    <message>
        <location filename="../screens/practice.py" line="172"/>
        <source>Stop</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="174"/>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="176"/>
        <source>Listen</source>
        <translation>듣기</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="178"/>
        <source>Done</source>
        <translation>끝</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="180"/>
        <source>Speak</source>
        <translation>말하기</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="181"/>
        <source>Next</source>
        <translation>다음</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="209"/>
        <source>Listen carefully.</source>
        <translation>잘 들어 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="213"/>
        <source>Listen, then tap the microphone and say it.</source>
        <translation>듣고 나서 마이크를 누르고 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="185"/>
        <source>Slowly</source>
        <translation>천천히</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="188"/>
        <source>How to say it</source>
        <translation>발음</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="189"/>
        <source>Meaning</source>
        <translation>뜻</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="192"/>
        <source>● Your voice is being kept.</source>
        <translation>● 목소리를 저장해요.</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="190"/>
        <source>In Latin letters, or in phonetic signs</source>
        <translation>로마자나 발음 기호로</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="183"/>
        <source>By words</source>
        <translation>낱말씩</translation>
    </message>
</context>
<context>
    <name>ProgressScreen</name>
    <message>
        <location filename="../screens/progress.py" line="108"/>
        <source>My progress</source>
        <translation>나의 발전</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="84"/>
        <source>Consonants</source>
        <translation>자음</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="85"/>
        <source>Vowels</source>
        <translation>모음</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="86"/>
        <source>Final sounds</source>
        <translation>받침</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="93"/>
        <source>1 sentence</source>
        <translation>1문장</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="93"/>
        <source>{n} sentences</source>
        <translation>{n}문장</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="94"/>
        <source>1 sound in bloom</source>
        <translation>꽃핀 소리 1개</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="94"/>
        <source>{n} sounds in bloom</source>
        <translation>꽃핀 소리 {n}개</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="98"/>
        <source>1 day</source>
        <translation>1일</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="98"/>
        <source>{n} days</source>
        <translation>{n}일</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="112"/>
        <source>not said yet</source>
        <translation>아직 안 말했어요</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="113"/>
        <source>just sprouting</source>
        <translation>싹이 텄어요</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="114"/>
        <source>growing</source>
        <translation>자라고 있어요</translation>
    </message>
    <message>
        <location filename="../screens/progress.py" line="115"/>
        <source>in bloom: you know it</source>
        <translation>꽃이 폈어요: 잘해요</translation>
    </message>
</context>
<context>
    <name>ResultScreen</name>
    <message>
        <location filename="../screens/result.py" line="108"/>
        <source>Score {score} of 100</source>
        <translation>100점 가운데 {score}점</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="179"/>
        <source>Example</source>
        <translation>예시</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="179"/>
        <source>Play the example</source>
        <translation>예시 듣기</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="180"/>
        <source>Mine</source>
        <translation>내 소리</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="180"/>
        <source>Play my voice</source>
        <translation>내 소리 듣기</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="186"/>
        <source>Again</source>
        <translation>다시</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="187"/>
        <source>Next</source>
        <translation>다음</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="181"/>
        <source>Both</source>
        <translation>둘 다</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="181"/>
        <source>Play the example, then my voice</source>
        <translation>예시와 내 소리 차례로 듣기</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="182"/>
        <source>Look</source>
        <translation>그림</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="182"/>
        <source>Look at both voices</source>
        <translation>두 목소리 눈으로 보기</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="183"/>
        <source>What the signs mean</source>
        <translation>표시의 뜻</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="184"/>
        <source>Practise</source>
        <translation>연습하기</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="185"/>
        <source>How to say it</source>
        <translation>이렇게 소리 내요</translation>
    </message>
</context>
<context>
    <name>ScrollButtons</name>
    <message>
        <location filename="../widgets/scrolling.py" line="77"/>
        <source>Up</source>
        <translation>위로</translation>
    </message>
    <message>
        <location filename="../widgets/scrolling.py" line="78"/>
        <source>Down</source>
        <translation>아래로</translation>
    </message>
</context>
<context>
    <name>SentencesScreen</name>
    <message>
        <location filename="../screens/sentences.py" line="142"/>
        <source>Sentences</source>
        <translation>문장 목록</translation>
    </message>
</context>
<context>
    <name>SoundPage</name>
    <message>
        <location filename="../screens/sound_page.py" line="143"/>
        <source>How to say it</source>
        <translation>이렇게 소리 내요</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="98"/>
        <source>Listen, then say “{word}” alone.</source>
        <translation>듣고 나서 “{word}”만 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="100"/>
        <source>I heard something else. Say just “{word}”.</source>
        <translation>다른 말로 들렸어요. “{word}”만 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="113"/>
        <source>Done</source>
        <translation>다 했어요</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="115"/>
        <source>Say the word</source>
        <translation>이 말만 하기</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="122"/>
        <source>Words that sound alike</source>
        <translation>비슷한 소리</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="144"/>
        <source>Example</source>
        <translation>예시</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="144"/>
        <source>Play the example slowly</source>
        <translation>예시를 천천히 듣기</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="145"/>
        <source>Mine</source>
        <translation>내 소리</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="145"/>
        <source>Play my voice</source>
        <translation>내 소리 듣기</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="146"/>
        <source>Sentence</source>
        <translation>문장으로</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="146"/>
        <source>Back to the sentence</source>
        <translation>문장으로 돌아가기</translation>
    </message>
    <message>
        <location filename="../screens/sound_page.py" line="147"/>
        <source>The mouth in the example</source>
        <translation>예시의 입 모양</translation>
    </message>
</context>
<context>
    <name>Sounds</name>
    <message>
        <location filename="../messages.py" line="216"/>
        <source>final {sound}</source>
        <translation>받침 {sound}</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <location filename="../messages.py" line="152"/>
        <source>Getting ready</source>
        <translation>준비하고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="153"/>
        <source>Preparing the example</source>
        <translation>예시를 준비하고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="154"/>
        <source>Listening to your voice</source>
        <translation>목소리를 듣고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="155"/>
        <source>Removing noise</source>
        <translation>잡음을 지우고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="156"/>
        <source>Finding your words</source>
        <translation>말소리를 찾고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="157"/>
        <source>Drawing your voice</source>
        <translation>소리를 그리고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="159"/>
        <source>Comparing</source>
        <translation>비교하고 있어요</translation>
    </message>
</context>
<context>
    <name>SummaryScreen</name>
    <message>
        <location filename="../screens/summary.py" line="141"/>
        <source>{n} stars of {total}</source>
        <translation>별 {total}개 가운데 {n}개</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="156"/>
        <source>Practise: {text}</source>
        <translation>연습하기: {text}</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="160"/>
        <source>That was the last sentence.</source>
        <translation>마지막 문장까지 왔어요.</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="169"/>
        <source>You did it. Very well done!</source>
        <translation>다 했어요. 정말 잘했어요!</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="170"/>
        <source>You did it. Well done!</source>
        <translation>다 했어요. 잘했어요!</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="174"/>
        <source>Say a sentence, and you see here how it went.</source>
        <translation>문장을 말하면 여기에 결과가 나와요.</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="182"/>
        <source>No sound stands out. Try the next list!</source>
        <translation>모두 고르게 잘했어요. 다음 목록에 도전해 보세요!</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="183"/>
        <source>Practise these once more:</source>
        <translation>이 소리를 한 번 더 연습해 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="186"/>
        <source>Back to the start</source>
        <translation>처음으로</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="166"/>
        <source>Well done! {n} of {total} sentences said.</source>
        <translation>잘했어요! {total}문장 가운데 {n}문장을 말했어요.</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="162"/>
        <source>Lesson passed. Very well done!</source>
        <translation>단원을 통과했어요. 아주 잘했어요!</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="164"/>
        <source>That was all for today. Well done!</source>
        <translation>오늘은 여기까지예요. 잘했어요!</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="176"/>
        <source>Every sound of this lesson is right.</source>
        <translation>이 단원의 소리를 모두 바르게 말했어요.</translation>
    </message>
    <message>
        <location filename="../screens/summary.py" line="180"/>
        <source>To pass, still practise: {sounds}</source>
        <translation>통과하려면 더 연습해요: {sounds}</translation>
    </message>
</context>
<context>
    <name>TakenScreen</name>
    <message>
        <location filename="../screens/learners.py" line="106"/>
        <source>{name} is taken. Is that you?</source>
        <translation>{name}은(는) 벌써 있어요. 본인인가요?</translation>
    </message>
    <message>
        <location filename="../screens/learners.py" line="109"/>
        <source>No, I am new</source>
        <translation>아니요, 처음이에요</translation>
    </message>
</context>
<context>
    <name>Teacher</name>
    <message>
        <location filename="../teacher/sticks.py" line="52"/>
        <source>Eject</source>
        <translation>꺼내기</translation>
    </message>
    <message>
        <location filename="../teacher/navigation.py" line="116"/>
        <source>OK</source>
        <translation>확인</translation>
    </message>
    <message>
        <location filename="../teacher/navigation.py" line="132"/>
        <source>No, go back</source>
        <translation>아니요, 뒤로</translation>
    </message>
    <message>
        <location filename="../teacher/sticks.py" line="24"/>
        <source>Plug in a USB stick, then try again.</source>
        <translation>USB를 꽂고 다시 해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/sticks.py" line="45"/>
        <source>You can pull the stick out now.</source>
        <translation>이제 USB를 빼도 돼요.</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="180"/>
        <source>For teachers</source>
        <translation>선생님용</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="107"/>
        <source>Lists</source>
        <translation>목록</translation>
    </message>
    <message>
        <location filename="../teacher/home.py" line="28"/>
        <source>Voices</source>
        <translation>예시 음성</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="42"/>
        <source>Results</source>
        <translation>결과</translation>
    </message>
    <message>
        <location filename="../teacher/home.py" line="30"/>
        <source>Room</source>
        <translation>교실</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="67"/>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <location filename="../teacher/home.py" line="32"/>
        <source>Eject stick</source>
        <translation>USB 꺼내기</translation>
    </message>
    <message>
        <location filename="../teacher/home.py" line="133"/>
        <source>The room is {n} dB louder than at its check. Check again.</source>
        <translation>교실이 점검 때보다 {n} dB 시끄러워요. 다시 점검해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="272"/>
        <source>No attempt yet.</source>
        <translation>아직 연습한 기록이 없어요.</translation>
    </message>
    <message>
        <location filename="../teacher/chart.py" line="82"/>
        <source>Line: mean score of the day.  Bars: attempts, {n} at most.</source>
        <translation>선: 그날의 평균 점수.  막대: 연습 횟수, 가장 많은 날 {n}번.</translation>
    </message>
    <message>
        <location filename="../teacher/edit.py" line="125"/>
        <source>New sentence</source>
        <translation>새 문장</translation>
    </message>
    <message>
        <location filename="../teacher/edit.py" line="125"/>
        <source>Edit sentence</source>
        <translation>문장 고치기</translation>
    </message>
    <message>
        <location filename="../teacher/edit.py" line="136"/>
        <source>Leave without saving?</source>
        <translation>저장하지 않고 나갈까요?</translation>
    </message>
    <message>
        <location filename="../teacher/edit.py" line="136"/>
        <source>Leave</source>
        <translation>나가기</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="168"/>
        <source>Sentence</source>
        <translation>문장</translation>
    </message>
    <message>
        <location filename="../teacher/edit.py" line="212"/>
        <source>Translation</source>
        <translation>번역</translation>
    </message>
    <message>
        <location filename="../teacher/edit.py" line="213"/>
        <source>Said as</source>
        <translation>발음</translation>
    </message>
    <message>
        <location filename="../teacher/edit.py" line="214"/>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <location filename="../teacher/edit.py" line="215"/>
        <source>Level</source>
        <translation>단계</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="150"/>
        <source>Put “{name}” back as it came with the kiosk?</source>
        <translation>“{name}” 목록을 처음 상태로 되돌릴까요?</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="152"/>
        <source>Delete the list “{name}”?</source>
        <translation>“{name}” 목록을 지울까요?</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="100"/>
        <source>Put back</source>
        <translation>원래대로</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="59"/>
        <source>Undo brings it back.</source>
        <translation>되돌리기로 다시 살릴 수 있어요.</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="89"/>
        <source>Show</source>
        <translation>보이기</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="91"/>
        <source>Hide</source>
        <translation>숨기기</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="161"/>
        <source>Import</source>
        <translation>가져오기</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="162"/>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="86"/>
        <source>Up</source>
        <translation>위로</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="87"/>
        <source>Down</source>
        <translation>아래로</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="163"/>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="175"/>
        <source>imported</source>
        <translation>가져온 목록</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="177"/>
        <source>edited</source>
        <translation>고친 목록</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="179"/>
        <source>{n} hidden</source>
        <translation>{n}개 숨김</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="256"/>
        <source>hidden</source>
        <translation>숨김</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="186"/>
        <source>recording</source>
        <translation>녹음</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="267"/>
        <source>No sentence yet.</source>
        <translation>아직 문장이 없어요.</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="247"/>
        <source>New</source>
        <translation>추가</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="248"/>
        <source>Edit</source>
        <translation>고치기</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="321"/>
        <source>Delete</source>
        <translation>지우기</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="92"/>
        <source>Undo</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <location filename="../teacher/sticks.py" line="65"/>
        <source>{name} is on the stick {stick}.</source>
        <translation>{name} 파일을 USB ‘{stick}’에 저장했어요.</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="118"/>
        <source>The two were different. Choose a PIN again.</source>
        <translation>두 번호가 달라요. 다시 정해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="131"/>
        <source>That is not the PIN.</source>
        <translation>비밀번호가 아니에요.</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="158"/>
        <source>Type the teacher&apos;s PIN.</source>
        <translation>선생님 비밀번호를 눌러 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="160"/>
        <source>Once more, please.</source>
        <translation>한 번 더 눌러 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="164"/>
        <source>Choose a PIN of 4 to 8 digits, for teachers only.</source>
        <translation>선생님만 쓸 4~8자리 비밀번호를 정해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="21"/>
        <source>my recording</source>
        <translation>내 녹음</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="29"/>
        <source>Voices: which list?</source>
        <translation>예시 음성: 어느 목록인가요?</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="129"/>
        <source>Delete your recording of this sentence?</source>
        <translation>이 문장의 녹음을 지울까요?</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="151"/>
        <source>Resume</source>
        <translation>계속</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="153"/>
        <source>Pause</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="150"/>
        <source>Stop</source>
        <translation>그만</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="157"/>
        <source>Listen</source>
        <translation>듣기</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="163"/>
        <source>{done} of {total} ready</source>
        <translation>{done} / {total}개 준비됨</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="165"/>
        <source>{done} of {total} done, {failed} failed</source>
        <translation>{done} / {total}개 끝남, {failed}개 실패</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="167"/>
        <source>Paused at {done} of {total}</source>
        <translation>{done} / {total}개에서 멈춤</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="145"/>
        <source>Progress</source>
        <translation>진행</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="175"/>
        <source>failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="149"/>
        <source>Make all</source>
        <translation>모두 만들기</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="158"/>
        <source>Record mine</source>
        <translation>내 녹음</translation>
    </message>
    <message>
        <location filename="../teacher/references.py" line="159"/>
        <source>Delete mine</source>
        <translation>녹음 삭제</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="196"/>
        <source>Checking level and words…</source>
        <translation>소리 크기와 문장을 확인하고 있어요…</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="202"/>
        <source>Tap the microphone and say the sentence once, clearly.</source>
        <translation>마이크를 누르고 문장을 또렷하게 한 번 말해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="206"/>
        <source>It differs much from the machine&apos;s voice. Listen before you keep it.</source>
        <translation>기계 음성과 많이 달라요. 들어 보고 저장해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="209"/>
        <source>Good: the level is right and it is this sentence.</source>
        <translation>좋아요. 소리 크기도 문장도 맞아요.</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="215"/>
        <source>Record</source>
        <translation>녹음</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="220"/>
        <source>Keep it</source>
        <translation>저장</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="102"/>
        <source>Guests</source>
        <translation>손님</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="143"/>
        <source>Pronunciation practice: results</source>
        <translation>발음 연습 결과</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="156"/>
        <source>Over time</source>
        <translation>날짜별</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="152"/>
        <source>Learners</source>
        <translation>학생</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="153"/>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="320"/>
        <source>Attempts</source>
        <translation>연습</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="151"/>
        <source>Mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="152"/>
        <source>Best</source>
        <translation>최고</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="154"/>
        <source>Most missed</source>
        <translation>많이 틀린 소리</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="158"/>
        <source>Syllable or word</source>
        <translation>음절·단어</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="150"/>
        <source>Times</source>
        <translation>횟수</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="158"/>
        <source>Missed</source>
        <translation>틀림</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="153"/>
        <source>Sentences</source>
        <translation>문장</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="136"/>
        <source>Delete all learners and all their results?</source>
        <translation>모든 학생과 결과를 지울까요?</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="169"/>
        <source>Delete all</source>
        <translation>모두 지우기</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="136"/>
        <source>This cannot be undone. Save them to a stick first.</source>
        <translation>되돌릴 수 없어요. 먼저 USB에 저장해 두세요.</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="167"/>
        <source>Save CSV</source>
        <translation>CSV 저장</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="168"/>
        <source>Save PDF</source>
        <translation>PDF 저장</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="166"/>
        <source>Reading…</source>
        <translation>읽고 있어요…</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="224"/>
        <source>missed {missed} of {times} times</source>
        <translation>{missed}번 틀림 (모두 {times}번)</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="309"/>
        <source>Delete all guests&apos; results?</source>
        <translation>손님의 결과를 모두 지울까요?</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="312"/>
        <source>This cannot be undone.</source>
        <translation>되돌릴 수 없어요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="32"/>
        <source>Room check</source>
        <translation>교실 점검</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="150"/>
        <source>Check the room</source>
        <translation>점검하기</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="157"/>
        <source>Please be quiet for five seconds.</source>
        <translation>5초 동안 조용히 해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="159"/>
        <source>Now say this from where learners stand:</source>
        <translation>학생이 서는 곳에서 말해 주세요:</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="161"/>
        <source>Measuring…</source>
        <translation>재고 있어요…</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="165"/>
        <source>Microphone and distance are good.</source>
        <translation>마이크 상태와 거리가 알맞아요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="166"/>
        <source>Something can be better:</source>
        <translation>이렇게 하면 더 좋아요:</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="190"/>
        <source>Louder by {n} dB since this check: check again.</source>
        <translation>점검 때보다 {n} dB 시끄러워요. 다시 점검해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="172"/>
        <source>The microphone hears well.</source>
        <translation>마이크 상태가 좋아요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="173"/>
        <source>No voice was heard. Check the microphone.</source>
        <translation>목소리가 안 들려요. 마이크를 확인해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="174"/>
        <source>Too loud: turn the microphone down or step back.</source>
        <translation>소리가 너무 커요. 마이크를 줄이거나 물러서 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="175"/>
        <source>Quiet: turn the microphone up or come closer.</source>
        <translation>소리가 작아요. 마이크를 키우거나 다가와 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="178"/>
        <source>The distance is good.</source>
        <translation>거리가 알맞아요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="179"/>
        <source>A little closer would be better.</source>
        <translation>조금 더 가까우면 좋아요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="180"/>
        <source>Too far or too noisy: come closer than 30 cm.</source>
        <translation>멀거나 시끄러워요. 30 cm 안으로 오세요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="181"/>
        <source>The distance could not be judged.</source>
        <translation>거리를 알 수 없어요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="184"/>
        <source>The room is quiet enough.</source>
        <translation>교실이 조용해요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="185"/>
        <source>The room is loud. Close windows and doors.</source>
        <translation>교실이 시끄러워요. 창문과 문을 닫아 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="187"/>
        <source>{n} dB above the room</source>
        <translation>교실 소리보다 {n} dB 커요</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="54"/>
        <source>{name}: less</source>
        <translation>{name} 줄이기</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="55"/>
        <source>{name}: more</source>
        <translation>{name} 키우기</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="139"/>
        <source>Keep what learners say?</source>
        <translation>학생의 녹음을 보관할까요?</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="139"/>
        <source>Yes, keep</source>
        <translation>네, 보관해요</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="150"/>
        <source>The new PIN holds from now on.</source>
        <translation>이제 새 비밀번호를 써요.</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="165"/>
        <source>Practice</source>
        <translation>연습</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="166"/>
        <source>Device</source>
        <translation>기기</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="167"/>
        <source>About</source>
        <translation>정보</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="171"/>
        <source>Points for 1, 2, 3 stars</source>
        <translation>별 1·2·3개 점수</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="173"/>
        <source>Home after</source>
        <translation>처음으로 돌아가기</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="174"/>
        <source>Keep takes</source>
        <translation>녹음 보관</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="175"/>
        <source>PIN</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="176"/>
        <source>Language at start</source>
        <translation>시작할 때 언어</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="177"/>
        <source>Volume</source>
        <translation>소리 크기</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="178"/>
        <source>Brightness</source>
        <translation>화면 밝기</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="184"/>
        <source>{n} min</source>
        <translation>{n}분</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="190"/>
        <source>Off</source>
        <translation>끄기</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="208"/>
        <source>This screen&apos;s brightness cannot be changed from here.</source>
        <translation>이 화면은 밝기를 바꿀 수 없어요.</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="216"/>
        <source>loading…</source>
        <translation>불러오고 있어요…</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="220"/>
        <source>Scoring model</source>
        <translation>채점 모델</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="221"/>
        <source>Data folder</source>
        <translation>데이터 폴더</translation>
    </message>
    <message>
        <location filename="../teacher/sticks.py" line="77"/>
        <source>Which stick?</source>
        <translation>어느 USB인가요?</translation>
    </message>
    <message>
        <location filename="../teacher/sticks.py" line="87"/>
        <source>No stick is plugged in.</source>
        <translation>꽂힌 USB가 없어요.</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="53"/>
        <source>Where is the list?</source>
        <translation>목록이 어디에 있나요?</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="80"/>
        <source>Plug in a USB stick.</source>
        <translation>USB를 꽂아 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="82"/>
        <source>Files on this kiosk</source>
        <translation>이 기기의 파일</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="162"/>
        <source>Take none</source>
        <translation>안 가져오기</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="163"/>
        <source>Replace</source>
        <translation>바꾸기</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="168"/>
        <source>Listening to recordings: {n}</source>
        <translation>녹음을 듣고 있어요: {n}</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="170"/>
        <source>Take</source>
        <translation>가져오기</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="178"/>
        <source>Take {n}</source>
        <translation>{n}개 가져오기</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="178"/>
        <source>Take all {n}</source>
        <translation>{n}개 모두 가져오기</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="179"/>
        <source>Add {n}</source>
        <translation>{n}개 추가하기</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="185"/>
        <source>Line {n}</source>
        <translation>{n}번째 줄</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="185"/>
        <source>Whole file</source>
        <translation>파일 전체</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="204"/>
        <source>{good} good lines, {bad} with a problem. Bad lines stay out.</source>
        <translation>쓸 수 있는 줄 {good}개, 문제 있는 줄 {bad}개. 문제 있는 줄은 빼고 가져와요.</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="208"/>
        <source>{good} good lines. The list is here already: add to it, or replace it.</source>
        <translation>쓸 수 있는 줄 {good}개. 이미 있는 목록이에요. 추가하거나 바꿔 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="202"/>
        <source>{good} good lines, no problem.</source>
        <translation>줄 {good}개 모두 문제없어요.</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="199"/>
        <source>Change the PIN</source>
        <translation>비밀번호 바꾸기</translation>
    </message>
    <message>
        <location filename="../teacher/room.py" line="163"/>
        <source>It takes 20 seconds: the room alone, then one sentence.</source>
        <translation>20초면 돼요. 먼저 교실 소리를, 다음에 한 문장을 들을게요.</translation>
    </message>
    <message>
        <location filename="../teacher/navigation.py" line="137"/>
        <source>Switch this device off?</source>
        <translation>이 기기를 끌까요?</translation>
    </message>
    <message>
        <location filename="../teacher/navigation.py" line="137"/>
        <source>Switch off</source>
        <translation>기기 끄기</translation>
    </message>
    <message>
        <location filename="../teacher/navigation.py" line="137"/>
        <source>All results are saved already.</source>
        <translation>결과는 이미 모두 저장했어요.</translation>
    </message>
    <message>
        <location filename="../teacher/home.py" line="139"/>
        <source>Takes are kept: {used} of {room}. The oldest go first.</source>
        <translation>녹음을 보관하고 있어요({used} / {room}). 차면 오래된 것부터 지워요.</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="228"/>
        <source>Learners see a notice while it is on. Ask parents first.</source>
        <translation>켜 두면 학생 화면에 안내가 나와요. 먼저 보호자의 동의를 받아 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="229"/>
        <source>Once {room} are full, the oldest go first.</source>
        <translation>{room}가 차면 오래된 것부터 지워요.</translation>
    </message>
    <message>
        <location filename="../teacher/chart.py" line="86"/>
        <source>?: the clock was not set.</source>
        <translation>?: 시계가 맞지 않은 날</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="300"/>
        <source>Deleting…</source>
        <translation>지우고 있어요…</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="179"/>
        <source>No sound was missed so far.</source>
        <translation>아직 틀린 소리가 없어요.</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="335"/>
        <source>silent</source>
        <translation>소리 없음</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="336"/>
        <source>too quiet</source>
        <translation>작은 소리</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="337"/>
        <source>too loud</source>
        <translation>너무 큰 소리</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="338"/>
        <source>noisy</source>
        <translation>시끄러움</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="339"/>
        <source>too short</source>
        <translation>너무 짧음</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="340"/>
        <source>too long</source>
        <translation>너무 긺</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="341"/>
        <source>another sentence</source>
        <translation>다른 문장</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="233"/>
        <source>{n} new</source>
        <translation>새 문장 {n}개</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="233"/>
        <source>{n} changed</source>
        <translation>바뀐 문장 {n}개</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="233"/>
        <source>{n} as before</source>
        <translation>그대로인 문장 {n}개</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="233"/>
        <source>{n} removed</source>
        <translation>뺀 문장 {n}개</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="240"/>
        <source>Done: {changes}.</source>
        <translation>가져왔어요. {changes}.</translation>
    </message>
    <message>
        <location filename="../teacher/texts.py" line="48"/>
        <source>Sentences: {n}</source>
        <translation>문장 {n}개</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="144"/>
        <source>{date}, attempts: {n}</source>
        <translation>{date}, 연습 {n}번</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="147"/>
        <source>Attempts deleted: {n}.</source>
        <translation>연습 기록 {n}개를 지웠어요.</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="210"/>
        <source>Attempts: {n}, learners: {learners}</source>
        <translation>연습 {n}번, {learners}명</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="347"/>
        <source>Attempts: {n}, best: {best}</source>
        <translation>연습 {n}번, 최고 {best}점</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="199"/>
        <source>Say it once, clearly. Learners&apos; syllables are compared with yours.</source>
        <translation>또렷하게 한 번 말해 주세요. 학습자의 음절을 이 목소리와 비교합니다.</translation>
    </message>
    <message>
        <location filename="../teacher/transfer.py" line="87"/>
        <source>No list here. Lists end in .csv, .xlsx, .txt, .srt or the like.</source>
        <translation>여기에는 목록이 없어요. 목록은 .csv, .xlsx, .txt, .srt 같은 파일이에요.</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="96"/>
        <source>All time</source>
        <translation>전체 기간</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="180"/>
        <source>An adult sets it when the kiosk starts: switch it off and on.</source>
        <translation>어른이 키오스크를 껐다 켤 때 정할 수 있어요.</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="227"/>
        <source>As recorded</source>
        <translation>녹음한 그대로</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="225"/>
        <source>Cleaning…</source>
        <translation>잡음 줄이는 중…</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="179"/>
        <source>Date and time</source>
        <translation>날짜와 시간</translation>
    </message>
    <message>
        <location filename="../teacher/clock.py" line="89"/>
        <source>Day</source>
        <translation>일</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="310"/>
        <source>Delete {name}, with their own results?</source>
        <translation>{name} 한 명과 그 결과만 지울까요?</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="227"/>
        <source>Delete “{text}”?</source>
        <translation>“{text}” 문장을 지울까요?</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="162"/>
        <source>For the adult here: choose a PIN of 4 to 8 digits.</source>
        <translation>어른께: 4~8자리 PIN을 정해 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/clock.py" line="90"/>
        <source>Hour</source>
        <translation>시</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="192"/>
        <source>Kept: learners hear you from now on.</source>
        <translation>저장했어요. 이제 학생들이 이 소리를 들어요.</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="172"/>
        <source>Later</source>
        <translation>나중에</translation>
    </message>
    <message>
        <location filename="../teacher/clock.py" line="91"/>
        <source>Minute</source>
        <translation>분</translation>
    </message>
    <message>
        <location filename="../teacher/clock.py" line="88"/>
        <source>Month</source>
        <translation>월</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="235"/>
        <source>Name of the list</source>
        <translation>목록 이름</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="222"/>
        <source>Next sentence</source>
        <translation>다음 문장</translation>
    </message>
    <message>
        <location filename="../teacher/chart.py" line="109"/>
        <source>No sound was taken for another so far.</source>
        <translation>아직 다른 소리로 들린 소리가 없어요.</translation>
    </message>
    <message>
        <location filename="../teacher/home.py" line="136"/>
        <source>Not saved yet: “{text}” in “{list}”. Open it to go on.</source>
        <translation>저장하지 않은 글: “{list}”의 “{text}”. 열면 이어 쓸 수 있어요.</translation>
    </message>
    <message>
        <location filename="../teacher/lists.py" line="250"/>
        <source>Rename</source>
        <translation>이름</translation>
    </message>
    <message>
        <location filename="../teacher/clock.py" line="98"/>
        <source>Results are dated by this clock. A network corrects it.</source>
        <translation>결과에 이 날짜가 붙어요. 인터넷에 연결하면 저절로 맞아요.</translation>
    </message>
    <message>
        <location filename="../teacher/clock.py" line="101"/>
        <source>Set</source>
        <translation>맞추기</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="163"/>
        <source>Sound to say → sound heard</source>
        <translation>말할 소리 → 들린 소리</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="155"/>
        <source>Sounds</source>
        <translation>헷갈린 소리</translation>
    </message>
    <message>
        <location filename="../teacher/clock.py" line="79"/>
        <source>The clock is set.</source>
        <translation>시계를 맞췄어요.</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="180"/>
        <source>There is no teacher&apos;s PIN yet.</source>
        <translation>아직 선생님 PIN이 없어요.</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="93"/>
        <source>Today</source>
        <translation>오늘</translation>
    </message>
    <message>
        <location filename="../teacher/lock.py" line="147"/>
        <source>Too many wrong tries. Wait {n} s.</source>
        <translation>여러 번 틀렸어요. {n}초 기다려 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/edit.py" line="83"/>
        <source>Type a name.</source>
        <translation>이름을 써 주세요.</translation>
    </message>
    <message>
        <location filename="../teacher/recording.py" line="225"/>
        <source>Without noise</source>
        <translation>잡음 없이</translation>
    </message>
    <message>
        <location filename="../teacher/clock.py" line="87"/>
        <source>Year</source>
        <translation>년</translation>
    </message>
    <message>
        <location filename="../teacher/edit.py" line="207"/>
        <source>Your unsaved text is here again.</source>
        <translation>저장하지 않은 글을 다시 불러왔어요.</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="202"/>
        <source>{now}, not set</source>
        <translation>{now} (맞추지 않음)</translation>
    </message>
    <message>
        <location filename="../teacher/report.py" line="95"/>
        <source>{n} days</source>
        <translation>{n}일</translation>
    </message>
    <message>
        <location filename="../teacher/chart.py" line="113"/>
        <source>Left: the sound to say. Above: the sound heard (∅: none).</source>
        <translation>왼쪽: 말해야 할 소리. 위: 들린 소리 (∅: 빠짐).</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="285"/>
        <source>Class group of {name}</source>
        <translation>{name}의 반</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="164"/>
        <source>Everybody</source>
        <translation>모두</translation>
    </message>
    <message>
        <location filename="../teacher/results.py" line="322"/>
        <source>Group</source>
        <translation>반</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="172"/>
        <source>Pause in a sentence</source>
        <translation>문장 중간에 쉬기</translation>
    </message>
    <message>
        <location filename="../teacher/settings.py" line="184"/>
        <source>{n} s</source>
        <translation>{n}초</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <location filename="../widgets/top_bar.py" line="93"/>
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <location filename="../widgets/top_bar.py" line="96"/>
        <source>For teachers</source>
        <translation>선생님용</translation>
    </message>
    <message>
        <location filename="../widgets/top_bar.py" line="102"/>
        <source>Guest</source>
        <translation>손님</translation>
    </message>
    <message>
        <location filename="../widgets/top_bar.py" line="105"/>
        <source>{name} is practising. Choose somebody else.</source>
        <translation>{name} 연습 중. 다른 사람 고르기.</translation>
    </message>
    <message>
        <location filename="../widgets/top_bar.py" line="98"/>
        <source>Voice {number} of {count}</source>
        <translation>목소리 {count}개 중 {number}번</translation>
    </message>
    <message>
        <location filename="../widgets/top_bar.py" line="139"/>
        <source>Volume {step} of {steps}</source>
        <translation>소리 크기 {steps}단계 중 {step}</translation>
    </message>
</context>
<context>
    <name>TriesView</name>
    <message>
        <location filename="../widgets/attempts.py" line="83"/>
        <source>Last tries: {scores}</source>
        <translation>지난 시도: {scores}</translation>
    </message>
</context>
<context>
    <name>Verdicts</name>
    <message>
        <location filename="../messages.py" line="67"/>
        <source>I did not hear anything</source>
        <translation>아무 소리도 못 들었어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="68"/>
        <source>That was very quiet</source>
        <translation>소리가 너무 작았어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="69"/>
        <source>That was too loud</source>
        <translation>소리가 너무 컸어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="70"/>
        <source>It is noisy here</source>
        <translation>주변이 시끄러워요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="71"/>
        <source>That was very short</source>
        <translation>너무 짧았어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="72"/>
        <source>That was too long</source>
        <translation>너무 길었어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="73"/>
        <source>I heard another sentence</source>
        <translation>다른 문장으로 들렸어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="74"/>
        <source>I could not read the recording</source>
        <translation>녹음을 읽지 못했어요</translation>
    </message>
</context>
</TS>
