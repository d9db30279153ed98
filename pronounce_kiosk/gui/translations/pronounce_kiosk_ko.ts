<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR" sourcelanguage="en_US">
<context>
    <name>Advice</name>
    <message>
        <location filename="../messages.py" line="65"/>
        <source>Come closer to the microphone and say it again.</source>
        <translation>마이크에 가까이 와서 다시 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="66"/>
        <source>Once more, a little louder.</source>
        <translation>다시, 조금 더 크게 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="67"/>
        <source>Once more, a little softer or further away.</source>
        <translation>다시, 조금 작게 또는 조금 떨어져서 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="68"/>
        <source>Wait until it is quieter, then say it again.</source>
        <translation>조용해지면 다시 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="69"/>
        <source>Say the whole sentence, to the end.</source>
        <translation>문장을 끝까지 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="70"/>
        <source>Say just this sentence, then stop.</source>
        <translation>이 문장만 말하고 멈춰 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="71"/>
        <source>Listen first, then say this sentence.</source>
        <translation>먼저 들어 보고 이 문장을 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="72"/>
        <source>Please say it once more.</source>
        <translation>한 번 더 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="73"/>
        <source>Say “{text}” more clearly.</source>
        <translation>‘{text}’ 소리를 더 또렷하게 내 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="74"/>
        <source>Here “{text}” sounds like [{said}].</source>
        <translation>여기서 ‘{text}’ 자는 [{said}]로 소리 나요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="75"/>
        <source>Too slow: say it in one flow, like the example.</source>
        <translation>너무 천천히 말했어요. 보기처럼 이어 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="76"/>
        <source>Too fast: take your time with every sound.</source>
        <translation>너무 빨라요. 한 소리씩 천천히 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="77"/>
        <source>Listen to the example and copy each sound.</source>
        <translation>보기를 듣고 소리를 하나씩 따라 해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="78"/>
        <source>Say it in one go, without stopping.</source>
        <translation>멈추지 말고 한 번에 이어 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="79"/>
        <source>Copy how the voice goes up and down.</source>
        <translation>목소리의 높낮이를 따라 해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="80"/>
        <source>Listen to the example, then try again.</source>
        <translation>보기를 듣고 다시 해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="81"/>
        <source>Well done! Try once more for another star.</source>
        <translation>잘했어요! 한 번 더 하면 별을 더 받아요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="82"/>
        <source>Excellent! Just like the example.</source>
        <translation>아주 훌륭해요! 보기와 똑같아요.</translation>
    </message>
</context>
<context>
    <name>Aspects</name>
    <message>
        <location filename="../messages.py" line="92"/>
        <source>Sounds</source>
        <translation>소리</translation>
    </message>
    <message>
        <location filename="../messages.py" line="93"/>
        <source>Flow</source>
        <translation>흐름</translation>
    </message>
    <message>
        <location filename="../messages.py" line="94"/>
        <source>Melody</source>
        <translation>억양</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <location filename="../messages.py" line="30"/>
        <source>This recording cannot be read. Please record again.</source>
        <translation>녹음을 읽을 수 없어요. 다시 녹음해 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="31"/>
        <source>This list cannot be read. Please choose another.</source>
        <translation>이 목록을 읽을 수 없어요. 다른 목록을 골라 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="32"/>
        <source>I cannot say this sentence yet. Please choose another one.</source>
        <translation>이 문장은 아직 들려줄 수 없어요. 다른 문장을 골라 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="35"/>
        <source>The scoring model is missing or damaged. Please tell your teacher.</source>
        <translation>점수를 매기는 모델이 없거나 망가졌어요. 선생님께 말해 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="38"/>
        <source>Please check that the microphone is plugged in.</source>
        <translation>마이크가 꽂혀 있는지 봐 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="39"/>
        <source>A setting is wrong. Please tell your teacher.</source>
        <translation>설정이 잘못됐어요. 선생님께 말해 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="41"/>
        <source>Something unexpected happened. Your turn was not counted.</source>
        <translation>뜻밖의 일이 생겼어요. 이번 것은 세지 않았어요.</translation>
    </message>
</context>
<context>
    <name>FailsafeScreen</name>
    <message>
        <location filename="../screens/failsafe.py" line="53"/>
        <source>Sorry!</source>
        <translation>미안해요!</translation>
    </message>
    <message>
        <location filename="../screens/failsafe.py" line="54"/>
        <source>Back to the start</source>
        <translation>처음으로</translation>
    </message>
</context>
<context>
    <name>Hints</name>
    <message>
        <location filename="../messages.py" line="114"/>
        <source>I am listening. Please speak.</source>
        <translation>듣고 있어요. 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="115"/>
        <source>Good, I can hear you.</source>
        <translation>좋아요, 잘 들려요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="116"/>
        <source>A little louder, please.</source>
        <translation>조금 더 크게 말해 보세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="117"/>
        <source>Too loud: a little softer.</source>
        <translation>너무 커요. 조금 작게요.</translation>
    </message>
</context>
<context>
    <name>HomeScreen</name>
    <message>
        <location filename="../screens/home.py" line="106"/>
        <source>What shall we practise?</source>
        <translation>무엇을 연습할까요?</translation>
    </message>
</context>
<context>
    <name>Languages</name>
    <message>
        <location filename="../messages.py" line="21"/>
        <source>Korean</source>
        <translation>한국어</translation>
    </message>
    <message>
        <location filename="../messages.py" line="22"/>
        <source>English</source>
        <translation>영어</translation>
    </message>
</context>
<context>
    <name>ListCard</name>
    <message>
        <location filename="../screens/home.py" line="75"/>
        <source>1 sentence</source>
        <translation>문장 1개</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="75"/>
        <source>{n} sentences</source>
        <translation>문장 {n}개</translation>
    </message>
    <message>
        <location filename="../screens/home.py" line="78"/>
        <source>level {level}</source>
        <translation>{level}단계</translation>
    </message>
</context>
<context>
    <name>NotScoredScreen</name>
    <message>
        <location filename="../screens/not_scored.py" line="77"/>
        <source>Listen</source>
        <translation>듣기</translation>
    </message>
    <message>
        <location filename="../screens/not_scored.py" line="78"/>
        <source>Again</source>
        <translation>다시</translation>
    </message>
    <message>
        <location filename="../screens/not_scored.py" line="79"/>
        <source>Next</source>
        <translation>다음</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <location filename="../messages.py" line="126"/>
        <source>No microphone. Please plug it in.</source>
        <translation>마이크가 없어요. 마이크를 꽂아 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="127"/>
        <source>The microphone went silent. Unplug it and plug it in again.</source>
        <translation>마이크가 멈췄어요. 뺐다가 다시 꽂아 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="130"/>
        <source>The microphone hears nothing. Check its switch or plug it in again.</source>
        <translation>마이크 소리가 없어요. 스위치를 봐 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="133"/>
        <source>No loudspeaker. Please plug it in.</source>
        <translation>스피커가 없어요. 스피커를 꽂아 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="1"/>
        <source>Too loud for the microphone. Step back a little.</source>
        <translation>마이크에 소리가 너무 커요. 조금 떨어져 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="1"/>
        <source>The microphone hums. Plug it into another socket.</source>
        <translation>마이크에서 웅웅 소리가 나요. 다른 단자에 꽂아 주세요.</translation>
    </message>
    <message>
        <location filename="../messages.py" line="1"/>
        <source>The scoring model does not work. Another one is used. Tell your teacher.</source>
        <translation>채점 모델에 문제가 있어 다른 모델로 채점해요. 선생님께 알려 주세요.</translation>
    </message>
</context>
<context>
    <name>PracticeScreen</name>
    <message>
        <location filename="../screens/practice.py" line="121"/>
        <source>Stop</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="121"/>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="125"/>
        <source>Listen</source>
        <translation>듣기</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="127"/>
        <source>Done</source>
        <translation>끝</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="129"/>
        <source>Speak</source>
        <translation>말하기</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="130"/>
        <source>Next</source>
        <translation>다음</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="149"/>
        <source>Listen carefully.</source>
        <translation>잘 들어 보세요.</translation>
    </message>
    <message>
        <location filename="../screens/practice.py" line="155"/>
        <source>Listen, then tap the microphone and say it.</source>
        <translation>듣고 나서 마이크를 누르고 말해 보세요.</translation>
    </message>
</context>
<context>
    <name>ResultScreen</name>
    <message>
        <location filename="../screens/result.py" line="122"/>
        <source>Score {score} of 100</source>
        <translation>100점 가운데 {score}점</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="149"/>
        <source>Example</source>
        <translation>보기</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="149"/>
        <source>Play the example</source>
        <translation>보기 듣기</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="150"/>
        <source>Mine</source>
        <translation>내 소리</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="150"/>
        <source>Play my voice</source>
        <translation>내 소리 듣기</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="151"/>
        <source>Picture of the example</source>
        <translation>보기 소리 그림</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="152"/>
        <source>Picture of my voice</source>
        <translation>내 소리 그림</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="153"/>
        <source>Again</source>
        <translation>다시</translation>
    </message>
    <message>
        <location filename="../screens/result.py" line="154"/>
        <source>Next</source>
        <translation>다음</translation>
    </message>
</context>
<context>
    <name>ScrollButtons</name>
    <message>
        <location filename="../widgets/scroll_buttons.py" line="59"/>
        <source>Up</source>
        <translation>위로</translation>
    </message>
    <message>
        <location filename="../widgets/scroll_buttons.py" line="60"/>
        <source>Down</source>
        <translation>아래로</translation>
    </message>
</context>
<context>
    <name>SentencesScreen</name>
    <message>
        <location filename="../screens/sentences.py" line="137"/>
        <source>Sentences</source>
        <translation>문장 목록</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <location filename="../messages.py" line="101"/>
        <source>Getting ready</source>
        <translation>준비하고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="102"/>
        <source>Preparing the example</source>
        <translation>보기를 준비하고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="103"/>
        <source>Listening to your voice</source>
        <translation>목소리를 듣고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="104"/>
        <source>Removing noise</source>
        <translation>잡음을 지우고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="105"/>
        <source>Finding your words</source>
        <translation>말소리를 찾고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="106"/>
        <source>Drawing your voice</source>
        <translation>소리를 그리고 있어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="108"/>
        <source>Comparing</source>
        <translation>견주어 보고 있어요</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <location filename="../widgets/top_bar.py" line="69"/>
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
</context>
<context>
    <name>Verdicts</name>
    <message>
        <location filename="../messages.py" line="51"/>
        <source>I did not hear anything</source>
        <translation>아무 소리도 못 들었어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="52"/>
        <source>That was very quiet</source>
        <translation>소리가 너무 작았어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="53"/>
        <source>That was too loud</source>
        <translation>소리가 너무 컸어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="54"/>
        <source>It is noisy here</source>
        <translation>주변이 시끄러워요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="55"/>
        <source>That was very short</source>
        <translation>너무 짧았어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="56"/>
        <source>That was too long</source>
        <translation>너무 길었어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="57"/>
        <source>I heard another sentence</source>
        <translation>다른 문장을 들었어요</translation>
    </message>
    <message>
        <location filename="../messages.py" line="58"/>
        <source>I could not read the recording</source>
        <translation>녹음을 읽지 못했어요</translation>
    </message>
</context>
</TS>
