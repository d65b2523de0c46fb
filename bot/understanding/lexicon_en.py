"""How people who write English say it: one phrase a line, `(a|b)` either, `[a]` perhaps."""

# ruff: noqa: E501 - a line is one entry of a dictionary; broken, it could not be read

PHRASES: dict[str, str] = {
    "check_in": """
        (in|all in|checked in|check in|checkin|checking in|check me in|clock in|clockin|clocking in|clocked in|clock me in|punch in|punching in|punched in|punch me in|sign in|signing in|signed in|sign me in)
        (log in|login|logging in|logged in|logging on|logged on|log on|log me in|signing on|signed on)
        (here|present|at work|at my desk|at the desk|at the office|in the office|in office|in at work|on site|onsite|on shift|on duty|on the clock|on the job|at the shop)
        (arrived|just arrived|got in|got here|came|came in|came to work|came to the office|come in|made it|made it in|reached office|reached the office|got to work|got to the office|showed up|turned up|rolled in)
        [just] (arrived|got) (at work|at the office|in to work|into work|into the office|to my desk)
        (starting|start|started|starting off|starting up|beginning|begin|began|commencing|kicking off) [work|working|my day|my shift|shift|the day|day|my workday|the shift|my work day]
        (online|working)
        (sitting|sat|been) [at|here at] my desk
        (check in|clock in|checkin|start) time
        [the|my|work] (day|shift|workday) (started|begins|has started|start)
        made it [in|to work|to the office]
        [just] (walked in|sat down|got to my desk|reached the site|on the site|at the site)
        (arrived|got) (at|to) (the site|site|the shop|the store|the warehouse)
        [started|starting|began] [a|my|the] night shift
        (ready to work|reporting for duty|reporting in|back at it today|up and running|day start|shift start|good to go)
    """,
    "check_in:remote": "(wfh|working from home|working remotely|working from my home|work from home|remote and online|home office today)",
    "break_start": """
        was (at|on) (lunch|break|a break|my break)
        (break|on break|on a break|on my break|taking a break|take a break|took a break|taking five|going on break|going on a break|going for a break|start break|starting break|starting my break|break start|break time|break starts|having a break|on pause|pause|pausing|paused|start a break|start my break)
        (lunch|at lunch|on lunch|on my lunch|lunch break|on lunch break|going to lunch|going for lunch|going on lunch|gone to lunch|gone for lunch|off to lunch|off for lunch|out for lunch|out to lunch|having lunch|lunch time|lunchtime|grabbing lunch|grab lunch|eating lunch|heading to lunch|heading out for lunch|heading out to lunch|heading for lunch|went to lunch|went for lunch|left for lunch|leaving for lunch|lunching|start lunch|starting lunch|started lunch|taking lunch|taking my lunch|take lunch|took lunch|lunch start|getting lunch|stepping out for lunch|popping out for lunch|at a lunch break|lunch now|grabbing some lunch|getting some lunch|grabbing a bite|grabbing food|off to (grab|get|have) [some] lunch|(going|heading) to (grab|get) lunch)
        (brb|brb lunch|afk|be right back|bbl|bbs|bio break|stepping out|stepping away|stepping away from my desk|stepping away from the desk|stepped out|stepped away|away|away from keyboard|away from desk|away from my desk|popping out|popped out|nipping out|nipped out|out for a bit|stepping out for a bit|gone for a bit)
        (smoke break|smoking|smoke|having a smoke|out for a smoke|going for a smoke|coffee|coffee break|grabbing coffee|grabbing a coffee|grab coffee|getting coffee|getting a coffee|going for coffee|going for a coffee|out for coffee|out for a coffee|tea break|having coffee|having a coffee|cigarette break|off for a smoke|gone for a smoke|having tea)
        (short|quick|little|small|tiny|coffee|tea|smoke) break
        (went|gone|going) (on a break|on break|for a break|for a walk|for coffee|for a coffee|for a smoke|for a coffee break)
        (going|off|gone|heading|went) (to eat|for food|for dinner|for a snack|for a bite)
        (having|grabbing|getting) (a bite|dinner|food|a snack|some food|something to eat)
        (eating|eating now)
        (out for a walk|dinner break|going to dinner|at dinner)
        [my] (lunch|break) (started|began|starts)
        (popping|nipping|running|dashing|off|stepping|going|heading|gone) [out] (to the bank|to the shop|to the store|to the chemist|to the pharmacy|to the post office|for a sandwich|for food|for a bite|to grab a bite|for groceries|to the atm)
    """,
    "step_out": """
        (back in|be back in|will be back in|brb in|ill be back in|ill be back|be back|will be back)
    """,
    "step_until": "(back by|be back by|be back at|be back around|ill be back by|ill be back at|will be back at|will be back by|back around)",
    "break_end": """
        (back|back again|here again|back now|back here|back in the office|back at the office|back at my desk|back at desk|back at work|back to work|back online|back on|back to it|back on it|back at it|back in business|back on the clock|back working)
        back from [the|my|a] (walk|shop|store|bank|pharmacy|gym|school run|post office)
        back from (lunch|break|my break|my lunch|the break|a break|coffee|a smoke|the shop|lunch break|a walk|smoke break|coffee break|dinner)
        (returned|returning|have returned|just returned) [from lunch|from break|from my break|to work|from my lunch|to my desk]
        (resume|resuming|resumed|unpause|continue|continuing|carrying on) [work|working|my day|my shift]
        (end|ended|ending|finish|finished|finishing|stop|stopped|done with|over with|finished with|through with|complete|completed) [the|my|a] (break|lunch|lunch break|coffee break|pause)
        [my|the] (break|lunch|lunch break|coffee break|pause) (over|is over|ended|end|finished|done|is done|has ended|is finished)
        (working again|at work again|online again|came back|came back from lunch|got back|got back from lunch|just got back)
        (came|got|just got|just came) back [from] [lunch|break|my break|my lunch]
        (done|finished|through) [with] (eating|lunching|smoking|my coffee|my lunch|my sandwich)
    """,
    "check_out": """
        (out|am out|out of office now|check out|checkout|checked out|checking out|check me out|clock out|clockout|clocking out|clocked out|clock me out|punch out|punching out|punched out|punch me out|sign out|signing out|signed out|signing off|sign off|signed off|clocking off|clocked off|clock off)
        (log out|logout|logging out|logged out|logging off|logged off|log off|log me out|going offline|offline|gone offline)
        (leaving|leaving now|leaving work|leaving the office|leaving for the day|leaving for today|leaving for home|left|just left|left work|left the office|left for the day|left for home|left for today|leave|leave work|leave the office|departing|departed|gone|gone home|gone for the day|gone for today|exit)
        (done|all done|done for today|done for the day|done today|done here|done working|done with work|done with work for today|done with my shift|finished|finished for today|finished for the day|finished work|finished working|finished my day|finished my shift|finished up|finishing|finishing up|finishing for today|finishing work|finish|finish work|finish my day|finish day|finish my shift|finishing my shift|(finish|finished|finishing|ended|done with) (my|the|a) night shift|wrapping up|wrapped up|wrap up|wrapping up for today|wrapping up for the day|finishing for the day)
        (heading home|headed home|heading out|headed out|heading off|going home|off home|off to home|went home|on my way home|home time|hometime|driving home|off for the day|off for today|out for the day|out for today|out of here|outta here|off work|getting off work|got off work|go home)
        (calling it a day|call it a day|calling it|called it a day|knocking off|knocked off|packing up|that is it for today|thats it for today|thats it for the day|thats all for today|thats a wrap|thats me done|thats me done for today|thats me for today|eod|end of day|end my day|end day|ending my day|end of the day|end of shift|end shift|end my shift|ending my shift|ending shift|ended my shift|stop|stopped|stopping|stop work|stop working|stopping work|stopped work|stopped working|shift over|shift is over|my shift is over|day over|close my day|close day|day end|shift end|signing off for today|signing off for the day|logging off for today|logging off for the day|closing my day|stop the clock|quitting time)
        (checkout|check out|clock out) time
        (thats it|thats all|thats me) [for me] [for] (today|now)
        (left|leaving) [the] (building|place|premises|site|shop|store|warehouse)
        [my|the] (day|workday|shift) (ended|finished|is done|is over)
    """,
    "check_out~": """
        (see you|see ya|catch you|cu) [all|guys|everyone|you all] [on] (monday|tuesday|wednesday|thursday|friday|tomorrow|next week|later)
        (bye|bye all|bye everyone|goodbye|bye bye|see you tomorrow|see ya tomorrow|see you all tomorrow|cya|cya tomorrow|see you|see ya|good night|goodnight|ciao|see you on monday|see you monday|catch you tomorrow|night all|later all)
    """,
    "off": "(off|taking off|took off|be off|being off)",
    "worked": """
        (worked|stayed|stayed at work|stayed in the office|stayed late|was working|was at work|was in|was in the office|was at the office|was on shift|i was at work|was online|was wfh|was working from home|worked from home|did (a|the|my) (shift|night shift)|been at work|was here|was there|was on duty|have worked|was at my desk|worked remotely)
        [have] been (in|working|here|online|on shift)
        (was|were) (present|on site)
        did the work
    """,
    "no_break": "(didnt (have|take) (lunch|a lunch|a break|any break|any lunch)|had no (lunch|break)|skipped (lunch|my lunch|my break)|there was no (lunch|break)|no lunch|no break|without lunch|without a break|without a lunch|no breaks|without break)",
    "remove": """
        (delete|remove|erase|drop|scrap|wipe|clear|get rid of)
        [i] never (worked|came in|came to work)
        [i] (didnt|did not|havent|have not) (work|worked|come in|come to work|been at work)
        [i] (wasnt|was not) (at work|working|in|in the office|at the office)
    """,
    "punch_word": "(punch|punches|entry|entries|mark|marks)",
    "last_word": "(last|latest)",
    "target:check_in": "arrival",
    "target:check_out": "departure",
    "target:worked": "(session|shift|workday)",
    "undo": """
        (undo|undo that|undo it|undo last|undo the last|undo this|undo last punch|undo last action|undo my last punch|oops|oops undo|my mistake|revert|revert that|roll back|rollback|take that back|take it back|scratch that|my bad|by mistake|wrong button|pressed by mistake|that was a mistake|mistake|it was a mistake|accidentally pressed|misclick|misclicked)
        undo [the|my] last one
        (cancel|delete|remove|void) [the|my] (last|last punch|last entry|last one|last action|last mark|punch)
    """,
    "cancel": "(withdraw|retract|take back) my (vote|decision|approval|answer)|(cancel|cancel that|cancel it|cancel this|nevermind|never mind|nvm|abort|forget it|forget about it|quit|changed my mind)",
    "confirm": """
        (yes|yep|yeah|yup|ya|ok|okay|okey|okie|k|kk|correct|right|thats right|that is right|thats correct|that is correct|sure|confirm|confirmed|yes please|of course|go ahead|exactly|indeed|absolutely|looks good|lgtm|sounds good|fine|all good|agree|agreed|yes thats right|yes correct|y|aye|alright|yes confirm|do it|looks right|yes ok|yess|yes yes|true)
    """,
    "decline": """
        (no|nope|nah|no thanks|no thank you|wrong|incorrect|not right|not correct|thats wrong|thats not right|that is wrong|no way|no no|n|dont|do not|reject|decline|disagree|not ok|not that|no thats wrong|false)
    """,
    "leave:vacation": "(leave for vacation|vacation|on vacation|annual leave|holiday|on holiday|holidays|pto|paid leave|leave request|paid time off|a vacation|my vacation|on annual leave|vacations|on pto|vacay|annual vacation|going on vacation|going on holiday|paid vacation)",
    "leave:day_off": "(day off|a day off|days off|one day off|the day off|time off|taking a day off|take a day off|taking the day off|take the day off|take time off|a personal day|personal day|comp day|take day off|having a day off|dayoff|some time off|on leave)",
    "leave:sick": "(sick|sick day|a sick day|sick leave|on sick leave|off sick|out sick|calling in sick|called in sick|call in sick|i am ill|am ill|im ill|unwell|not feeling well|feeling sick|feeling unwell|feeling ill|taking a sick day|take a sick day|sick note|have a fever|have the flu|got sick|fell ill|not well|dont feel well|dont feel good|under the weather)",
    "leave:unpaid": "(unpaid|unpaid leave|leave without pay|unpaid day|unpaid day off|unpaid vacation|unpaid time off|an unpaid day|unpaid days|an unpaid day off|without pay|lwop)",
    "leave:remote": "(remote|remotely|remote day|remote work|work remotely|wfh day|working remote|work remote|home office|a remote day|a wfh day|be remote|be wfh|be working from home|be working remotely|telework|teleworking|home office day)",
    "leave:business_trip": "(business trip|on a business trip|a business trip|work trip|on a work trip|business travel|traveling for work|travelling for work|on business|going on a business trip|a work trip|offsite|on business trip|work travel)",
    "leave:gone": "(ill be out|i will be out|will be out|will be away|be out|be away|wont be around)",
    "leave:other": """
        [on] (study|maternity|paternity|parental|bereavement) leave
        (wont be in|will not be in|not coming in|not coming|wont come in|will not come in|cant come in|cannot come in|wont be at work|wont be working|will not be working|not working|wont be here|wont make it|wont be able to come|wont be able to come in|cant make it|cant come to work|im not coming in|not in|wont be available|wont be coming in|be absent|absence|absent|ooo|out of office|out of the office|will be ooo|be out of office|be ooo|cant work|cannot work|not be in)
    """,
    "status": """
        (status|my status|state|whats my status|what is my status|show status|status please|where do i stand|am i on the clock|current status|my state|whats my state|whats up with me|how am i doing)
        (when|what time) did i (start|come in|check in|clock in|arrive|get in|begin|leave|check out|clock out|finish|get here|punch in|punch out|go on break|sign in|log in|go to lunch|come) [today|work|this morning|working]
        (since when am i|how long have i been already|how long am i) (here|in|at work|working|on break|at lunch|checked in|clocked in|on the clock)
    """,
    "today": """
        what (did i|have i) (do|done|work|worked|log|logged|mark|marked|record|recorded|clock|clocked) [so far] [today]
        (my day|my today|whats today|todays hours|hours today|my hours today|today hours|show today|show my day|todays summary|todays total|todays punches|todays report|summary for today|how was my day|my punches|my punches today|my time today|time today|hours so far|hours so far today|hours today so far|so far today|hours for today|my hours for today)
    """,
    "report": """
        (weekly (stats|statistics|timesheet|totals)|weekly report|weekly summary|weekly hours|week total|weeks total|total|report|reports|a report|timesheet|time sheet|timesheets|stats|statistics|summary|hours|time report|hours report|worked hours|work hours|a timesheet|work log|worklog|export|timecard|time card|totals|total hours|hrs|breakdown|hours worked|download)
    """,
    "topic:late": """
        who (was|were|came|came in|arrived|got in|has been|showed up) late
        (late arrivals|latecomers|late comers|lateness|tardiness|whos been late)
    """,
    "topic:overtime": "((overtime|extra hours) (did i (do|work|have|make)|have i (done|worked|made))|overtime|extra hours|who (worked|works) (overtime|extra hours))",
    "topic:gaps": """
        (whats|what is) (wrong|missing|not right|unconfirmed)
        what (do i need to|should i|must i|to) (fix|correct)
        (gaps|missing (punches|marks|days)|unconfirmed days|anything wrong|is anything (wrong|missing))
    """,
    "scope:me": "(my|mine|for me)",
    "scope:team": "(team|for the team|team report|my team|for my team|of my team|of the team|department|for the department|my department|everyone|for everyone|for my department|all employees|teams|whole team|for the whole team|for everybody)",
    "format:xlsx": "(xlsx|excel|in excel|as excel|as xlsx|in xlsx|to excel|an excel|spreadsheet|as spreadsheet|as a spreadsheet|excel file|as an excel file)",
    "format:csv": "(csv|in csv|as csv|to csv|csv file|as a csv)",
    "format:t13": "(t 13|as t 13|in t 13)",
    "format:pdf": "(pdf|in pdf|as pdf|to pdf|pdf file|as a pdf)",
    "format:text": "(as text|in text|plain text|as plain text)",
    "presence": """
        (whos|who is|whose|who else is|who was|whos still|who is still|whos already|who is already|whos currently|who is currently|who are) (in|out|here|at work|working|in the office|on break|at lunch|online|present|absent|late|away|off|around|not in yet|not here yet|on lunch|on leave|on vacation|sick|ill|off sick|remote|wfh|on holiday|available|not in|missing|there|on duty|on shift|at the office|in office|on a break|checked in|not here|left|back)
        who (came|came in|left|works|arrived|checked in|didnt come|clocked in|showed up|worked|has arrived|has left|has checked in|hasnt checked in|isnt in|isnt here|hasnt come)
        (anyone|anybody) from (the|my|our) (team|department) (in|here|around|at work)
        (presence|team status|attendance|whos where|who is where|is everyone here|is everyone in|is anyone at work|is anybody in|is anybody here|anyone in|anyone here|anybody here|anyone around|is anyone in|is anyone here|where is everyone|wheres everyone|where is everybody|team presence|show the team|whos who today)
    """,
    "bound": "(early|earlier|late|later|a bit early|a bit late|a little early|a little late|a bit later)",
    "all_day": "(all day|the whole day|whole day|all day today)",
    "late": """
        (running|running a bit|running a little|running very|im running) (late|behind|behind schedule)
        [i|im|i am|ill|i will] (gonna be|going to be|will be|be|might be|may be|ill be|i will be|am gonna be) [a bit|a little|slightly|super|very|so] (late|delayed)
        (slightly|a bit|a little) delayed
        late again
        (a bit|a little|slightly|bit) late (this morning|today|again)
        (im late|i am late|bit late|a bit late today|late today|late this morning|late start|starting late|coming in late|coming late|come in late|in late|in later|coming in later)
        (overslept|slept in|missed my alarm|missed the bus|missed my bus|missed my train|missed the train)
        [still|im|im still|stuck|caught] (stuck|caught|sitting) in (traffic|a jam|a traffic jam)
        [my|the] (train|bus|flight|metro|tube|subway) (delayed|is delayed|is late|cancelled|was delayed|broke down|got cancelled)
        [im|still] (on my way|omw|on the way|commuting)
        traffic is (bad|terrible|awful|crazy|horrible)
    """,
    "late:not": "(wont be in|not in|wont be there|wont make it|cant make it|wont get in|wont be at work|not coming in|not be in|wont be here) (until|till|before|by)",
    "arrive": "(should be (there|in|at work|here)|there|be there|ill be there|will be there|arriving|ill arrive|will arrive|get there|getting there|getting in|ill get in|be in|ill be in|i will be in|will be in|coming in|ill come in|in by|in around|in about|in at around|at work by|in the office by|be at work|ill be at work|start|ill start|starting)",
    "early": """
        (leave|leaving|go|get off|finish|finishing|going|head out) (early|earlier)
        (leaving|leave|leaving work|leave work|finishing|finish|finishing up|going|go|go home|going home|heading out|heading home|head home|head out|heading off|logging off|log off|signing off|sign off|clocking out|clock out|off|knocking off|wrapping up|out|get off|take off|taking off|done|stopping|stop|ending) [work|today|tomorrow|a bit|a little|a little bit|my day|for the day] early
        (early finish|early leave|early departure|leaving early|early exit|early out)
    """,
    "going": "(leave|leave work|go|go home|get off|finish|finish work|head home|head out|clock out|be out|sign off|log off|leaving|heading home|heading out|finishing|going home)",
    "remaining": """
        how (much|much time|many hours|long|much longer) [work|more] (left|do i have left|is left|have i left|i have left|are left|i have got left|have i got left|until i can go|till i can go|remain|remaining|until home time|to go|is remaining|have i got|do i have to work|do i have to stay|do i need to work|do i have to be here|must i work) [today|to work|to go|in my day|of my day|in my shift|of my shift|on my shift]
        how much longer [today]
        how much of (my|the) (shift|day|workday) is (left|remaining)
        how many more hours [today|to go|to work]
        how long (until|till|til) (i can (go|leave|go home)|i (finish|am done|get off))
        how long (until|till|til) [the] (end of my day|end of the day|end of my shift|home time|i can go)
        (time left|hours left|whats left|what is left) [today|to work|in my day|of my day|in my shift|of my shift|for today]
        (when|what time) (does my shift|does my day|does the shift|does my workday) (end|finish)
        (when|what time) (can i|may i|should i|do i|will i|am i|could i) (go|go home|leave|finish|get off|clock out|knock off|done|off|stop|be done|finish work|leave today|finish today|head home|be off|free|free to go) [today]
        (when is|whens|what time is) (my shift over|the end of my shift|the end of my day|home time|my shift end)
        (until|till|til) (when|what time) [do i|am i|should i] [work|working|here] [today]
    """,
    "appears": "(available|show up|turn up|come|come in|come to work|appear|make it in|arrive|get in)",
    "norm": """
        [my|the|whats the|whats my] (norm|required hours|target hours|hours due|hours required|expected hours|contracted hours|norm hours|hours norm|norm of hours|working hours norm)
        how many hours (should i|must i|do i have to|do i need to|am i supposed to|are due|are required|am i due|do we have to|should we|are we supposed to) [work|working|do|put in]
        how many (working hours|work hours) [are there|do we have]
        hours (i should work|i must work|i have to work|i need to work|to work)
    """,
    "balance": """
        (balance|hours balance|time balance|balance of hours|hour balance|flex balance|undertime|time account|overtime balance|shortfall)
        how (many hours|much) (am i short|am i behind|am i over|am i ahead|do i owe|am i missing|short am i|behind am i)
        (hours|time) i owe
        am i (short|behind) [on hours|in hours]
        am i (over|under|above|below) [or (over|under|above|below)] (my|on|on my) hours
        [how many] hours (short|behind|over|ahead) [am i]
    """,
    "workday": "[a] (workday|working day|work day|holiday|public holiday|bank holiday|day off|short day|shortened day|non working day|weekend|short working day)",
    "works": "(do we work|are we working|do i work|am i working|are we off|am i off|is the office open|are we open)",
    "next_off": "(when is|whens|when are|what is|whats|next) [the|my|our] [next|nearest|upcoming|coming] (holiday|public holiday|bank holiday|holidays|weekend|short day|non working day|day off)",
    "who": "(who|who has|who had|whose)",
    "where": "(where|wheres|where is|where has|where are)",
    "is": "(is|has|did)",
    "approvals": """
        (who|what) is waiting for (my (decision|approval)|me)
        [show] requests waiting for me
        (approvals|my approvals|pending|pending approvals|pending requests|my pending approvals|requests|my requests|to approve|what to approve|waiting for me|waiting for my approval|whats waiting for me|approval list|inbox|approval queue|my queue|open requests|open approvals|approval requests|what do i have to approve|what do i need to approve|anything to approve|anything for me to approve|anything waiting for me|whats pending|what is pending|awaiting approval|awaiting my approval|new requests|approve requests|approvals pending|things to approve|requests to approve|requests waiting for me)
    """,
    "history": """
        (history|my history|change history|changes|change log|changelog|audit|audit log|audit trail|log|logs|edits|my changes|punch history|edit history|history of changes|show changes|recent changes)
        who (changed|edited|fixed|modified|altered|touched) [my|it|this|that]
        what (changed|was changed|has changed|has been changed)
    """,
    "help": """
        (help|help me|help please|what can you do|what do you do|how does this work|how do i use this|how to use|commands|menu|how does it work|what can i say|what can i do|instructions|manual|usage|get started|start bot|options|how do i check in|how do i clock in|how to use this|how to check in|what should i write|i need help|need help|can you help|can you help me|what are the commands|list commands|what now|dont understand|i dont understand|faq|how do i start|how to start)
    """,
    "link": """
        (link|connect|pair|bind|attach|join) [my] (telegram|bitrix|bitrix 24|account|accounts|telegram account|bitrix account|messenger|tg)
        (link|connect|pair|link code|linking code|pairing code|connect code|get code|link me|link accounts|get a code|telegram code|link up)
    """,
    "language": "(language|change language|switch language|my language|change the language|change my language|set language|language settings|lang|another language|choose language)",
    "language:en": "(english|in english|speak english|english please|switch to english|language english|change language to english|set language to english|to english|talk english|use english|eng|language en|lang en|in english please|switch language to english|english language|change to english|my language is english)",
    "language:ru": "(russian|in russian|speak russian|russian please|switch to russian|language russian|change language to russian|set language to russian|to russian|use russian|language ru|lang ru|switch language to russian|russian language|change to russian|my language is russian)",
    "zone": "(timezone|time zone|my timezone|my time zone|change timezone|change time zone|set timezone|set time zone|change my timezone|change my time zone|zone|tz|set my timezone|set my time zone|switch timezone|my zone|i moved to|moved to|i live in|set tz|set timezone to|change timezone to|my timezone is|my time zone is|timezone is|set my timezone to|i am now in|im now in|change my timezone to|set time zone to|change time zone to|set zone)",
    "remind:off": """
        (dont|do not|stop|never) (message|messaging|write to|write|text|texting|contact) me [anything|anymore]
        (dont|do not|stop|never) (send|sending) me (anything|messages)
        (dont|do not|stop|no|never) (remind me|reminding me|remind|reminders|reminding|bother me|ping me|pinging me|nag me|nagging me|send reminders|sending reminders|disturb me|disturb|notify me|more reminders)
        (turn off|disable|switch off|mute|pause|silence|stop|cancel|snooze) [the|my|all] (reminders|notifications|reminder)
        (reminders off|mute|snooze|mute me|be quiet|turn reminders off|dnd|quiet|silence|no reminders|without reminders)
    """,
    "remind:on": """
        (remind me again|start reminding me|reminders on|unmute|turn reminders on|remind me|you can remind me)
        (turn on|enable|switch on|unmute|resume|restore) [the|my|all] (reminders|notifications|reminder)
    """,
    "remind": "(reminders|reminder|remind|reminder settings|set a reminder|set reminder|reminders settings)",
    "reason": "(because|cause|cuz|cos|coz|reason|the reason is|reason is|as the|bc|due to the fact that)",
    "reason+": "(due to|because of|owing to|thanks to)",
    "me": "(i|im|ive|i am|i have|me|id|i just|im just|am)",
    "neg": "(not|dont|didnt|havent|hasnt|isnt|arent|am not|aint|never|wasnt|do not|did not|have not|cannot|cant|couldnt|wont|will not|yet to|not yet|without|nobody|nothing|hadnt|wouldnt|shouldnt|werent|doesnt)",
    "cond": "(if|when|whenever|unless|whether|once|until i|after i|before i|would|should|could|might|would have|should have|suppose|supposed|as soon as|in case|or|maybe|perhaps|let me know)",
    "future": "(time to|almost time to|will|ill|gonna|going to|about to|soon|almost|nearly|want to|wanna|need to|have to|must|planning to|plan to|trying to|hope to|hoping to|on my way|ought to|gotta|got to go|shall|intend to|be)",
    "modal": "(any chance|can i have|can i get|could i have|could i get|may i have|can i take|could i take|may i take|can i|could i|may i|id like|i would like|would like|id like to|i would like to|would like to|want|want to|i want|i want to|need|i need|request|requesting|please approve|would like to take|want to take|need to take|i need to|apply for|book|booking|asking for|i request|want to request|put me down for|going on|going|got|on|planning|plan|like|planning a|will be|ill be|be|will be on|ill be on|will take|ill take|will|i will|be on|to work|to take|should i take|my next|next is|need to)",
    "taking": "(take|taking|took|having|have|had|am taking)",
    "show": "(hows|how is|how are|any|show|show me|give|give me|get|get me|send|send me|display|whats|what is|what are|see|view|can i see|let me see|print|tell me|want|i want|need|i need|can i get|can i have|can you send me|export|generate|make|pull|could you send|could i get|id like|check|please send|download|open|list)",
    "ask": "or not",
    "ask_self": "(am i|did i|have i|was i|do i|is my)",
    "how_long": "how (long|much|many hours|much time|many|many days) [did i|have i|have i been|am i] [do]",
    "forgot": """
        (forgot|forgotten|forgot about) [to] [mark|clock|punch|log|record|log it|log my time|mark myself]
        forgot to (say|tell|tell you|write|message|mention|let you know) [that]
        (missed|i missed) (my punch|the punch|a punch|punch)
    """,
    "forgot:check_in": """
        (forgot to|missed|missed my|missed the|didnt|did not|forgot my|forgot the|havent|failed to) (check in|clock in|checkin|punch in|sign in|start the clock)
        forgot (checking in|clocking in|to log in|to start my day|to record my arrival)
    """,
    "forgot:check_out": """
        (forgot to|missed|missed my|missed the|didnt|did not|forgot my|forgot the|havent|failed to) (check out|clock out|checkout|punch out|sign out|stop the clock|sign off|clock off|log off)
        forgot (checking out|clocking out|to log out|to end my day|to close my day)
    """,
    "forgot:break_start": "forgot to (mark|log|record|start) [my|the] (lunch|break)",
    "fix": "(fix|correct my|change|change my|set|set my|edit|edit my|update|update my|adjust|adjust my|amend|amend my|put|put my|make my|make that|make it|move|move my|correct|correct the|add|add a|add my|log|record|log my|fix my|correction|mark|mark my|please correct my|set me|should be|note|was)",
    "filler": """
        (mark me|mark me as|put me down as|log me|put me)
        (hi|hello|hey|hi all|hi everyone|hello all|hello everyone|hey all|hey everyone|hey team|hi team|hello team|morning|good morning|good afternoon|good evening|good day|morning all|morning everyone|morning team|good morning all|good morning everyone|good morning team|gm|gm (team|all|everyone|guys|folks)|yo (team|all|guys)|hiya|greetings|yo|howdy|evening all|hey guys|hi guys|hi folks|hey folks|sup|hi there|hey there|hello there|good morning folks|morning folks|good morning guys|mornin)
        (everyone|everybody|all|team|guys|folks|boss|bot|smena|colleagues|mate|mates|people|dear|buddy|chief|sir|yall)
        (now|just|right now|finally|already|currently|still|so|and|then|well|ok so|btw|fyi|also|too|again|at last|officially|actually|really|today too|only|basically|literally|anyway|as well|all|sorry im late|sorry for being late|sorry for the delay|so far|up to now|straight|directly|exactly|roughly|approximately|approx|about|around|sharp|hey so|like|a bit|a while|for a bit|for a while|for now|real quick|quickly|quick|shortly|in person|but)
        (it was)
        (could you tell me|can you tell me|would you tell me|could you let me know|can you say|do you know|id like to know|i would like to know|i want to know|i wonder|just wondering|quick question|question|just checking|may i ask|can i ask|any idea)
        (thanks|thank you) [all|everyone|guys|team] for (today|your help|the help|everything|your support)
        (please|pls|plz|thanks|thank you|thx|ty|cheers|thank you all|thanks all|thanks in advance|kindly)
        if (you need me|anyone needs me|anyone asks|anything|you need anything)
        (call|ping|text|message|phone|ring) [me] (if needed|if you need me|if anything|if urgent|if you need anything|if something comes up)
        (have a good one|have a nice day|have a great day|have a nice evening|have a good evening|have a good night|have a great evening|have a good day|have a nice weekend|have a great weekend|have a good weekend|take care|talk later|ttyl|see you later|see you soon|enjoy|enjoy your evening|enjoy your weekend|hope you are well|see you in a bit)
        (oh|ah|uh|um|hmm|hm|oops sorry|sorry|sorry all|sorry everyone|my apologies|apologies|lol|haha|yay|damn|ugh|ooh|wow|phew|well well)
        (the|a|an|to|at|of|for|on|from|by|was|is|as|with|till|until|since|per|day|time|date|work|the day|period|about me|my|me in)
        (out there|out here)
        (the office|office|the building)
        (can|could|would) you [please] (mark|log|put) me
        (thanks|thank you|cheers) (everyone|everybody|all|team|guys|folks)
        (incl|including|inclusive of|minus)
        (dead on|bang on|smack on|spot on|on the dot)
        (for the day|for today|to work|from work|at the moment|atm|for real)
    """,
}
