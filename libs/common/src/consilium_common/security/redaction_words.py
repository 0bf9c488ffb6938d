"""Words that redaction knows: names of people and places that are common in several cultures, and clinical words that look like names.

Common knowledge, written down for this project. The lists help where form and context do not suffice; a name that is not in them is
still found by its context.
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.split(",") if phrase.strip())


GIVEN_NAMES = _set("""
aaron abby abdul abdullah abigail ada adam adele adrian adriana agnes ahmad ahmed aisha akira alan albert alberto alejandra
alejandro alessandro alex alexa alexander alexandra alexis alfonso alfred ali alice alicia alison allan allison alma alvaro
amanda amara amelia amina amir amit amy ana anastasia anders andre andrea andreas andrew andy angela angelica angelina angelo anil
anita anjali ann anna annabelle anne annette annie anthony antoine anton antonia antonio anya april arash aria ariana arjun arlene
arnold arthur arturo asha ashley astrid audrey barbara barry beatrice beatriz becky belinda ben benjamin bernard bernice beth
bethany betty beverly bianca bjorn blake bob bobby bonnie boris brad bradley brandon brenda brendan brett brian bridget bruce
bruno bryan caleb calvin cameron camila camille candice carla carlos carmen caroline carolyn carrie casey catherine cathy cecilia
chad chandra charlene charles charlie charlotte chen cheryl chidi chinedu chloe chris christina christine christopher cindy claire
clara clarence claude claudia clara clifford clyde cody colin colleen connie connor constance cora corey courtney craig cristina
curtis cynthia daisy damien dan dana daniel daniela danielle danny daphne darius darlene darren dave david deborah debra deepak
deirdre denis denise dennis derek diana diane diego dimitri dmitri dolores dominic dominique don donald donna dora doris dorothy
doug douglas duncan dylan ed eddie edgar edith edna eduardo edward edwin eileen elaine eleanor elena eli elias elijah elisa
elise elizabeth ella ellen ellie elliot eloise elsa elsie emeka emil emilia emilio emily emma emmanuel enrique eric erica erik
erika erin ernest esperanza esteban esther ethan eugene eunice eva evan eve evelyn ezra fatima federico felicia felix fernanda
fernando fiona florence frances francesca francesco francis francisco franco frank franklin fred frederick frieda gabriel
gabriela gail gareth gary gavin geoffrey george georgia georgina gerald geraldine gerard gianna gilbert gina giovanni giulia
giuseppe gladys glenn gloria gonzalo gordon graham greg gregory greta gretchen guillermo gustavo gwen hailey hank hannah hans
harold harriet harry harvey hasan hassan hazel hector heidi helen helena helga henrik henry herbert herman hilda hiroshi howard
hugh hugo hussein ian ibrahim ida ignacio igor imran ines ingrid irene irina isaac isabel isabella isabelle isaiah ismail ivan
ivana jack jackie jacob jacqueline jacques jaime jake jamal james jamie jan jane janet janice jared jasmine jason javier jay
jeanette jeff jeffrey jenna jennifer jenny jeremy jerome jerry jesse jessica jesus jill jim jimmy jin joan joanna joanne joaquin
jodi joe joel joey johan johanna john johnny jon jonas jonathan jordan jorge jose josef joseph josephine josh joshua joyce juan
juanita judith judy julia julian juliana julie juliet julio jun june justin kaitlyn kamal karen karim karin karl karla kate
katherine kathleen kathryn kathy katie kavita kayla keiko keith kelly ken kendra kenji kenneth kenya kevin khadija khalid kim
kimberly kirk kirsten klaus kofi kristen kristin kristina kumar kwame kyle lakshmi lara larry latisha latoya laura lauren laurie
lawrence leah lee leila lena leo leon leonard leonardo leroy leslie leticia lewis li liam lila lillian linda lindsay ling lisa
liz lois lola lorenzo loretta lori lorraine louis louise lucas lucia luciana lucille lucy luis luke luisa lydia lynn mabel
mackenzie madeline madison maggie magnus mahmoud malcolm mandy manuel marc marcel marcela marcia marco marcos marcus margaret
margarita maria mariam marian mariana marie marilyn mario marion marisol marissa marjorie marlene marta martha martin martina
marvin mary maryam mateo matilda matt matteo matthew maureen maurice max maxine maya megan mehmet mei melanie melinda melissa
mercedes meredith mia micah michael michaela michel michele michelle miguel mike mikhail mildred milena ming miranda miriam
mitchell mohamed mohammad mohammed moira molly mona monica monique morgan muhammad mustafa myra myrtle nabil nadia nancy naomi
natalia natalie natasha nathan nathaniel neha neil nelson ngozi nguyen nicholas nicole nigel nikhil nikolai nina nisha noah noel
nora norma norman octavia olga oliver olivia omar oscar osman otto owen pablo paige pamela paolo patricia patrick patti paul
paula pauline pedro peggy penelope perry peter petra philip phillip phoebe phyllis pierre pilar piotr priya rachel rafael rahul
raj rajesh ralph ramon ramona randall randy raquel rashid raul ravi raymond rebecca reggie regina rekha rene renee rhonda ricardo
richard rick ricky rita rob robert roberta roberto rodney rodrigo roger rohan roland roman ron ronald ronnie rosa rosalie rosalind
rosanna rose rosie ross roy ruben rudolf rudy russell ruth ryan sabrina sally sam samantha samir samuel sandra sanjay santiago
sara sarah sasha saul scott sean sebastian sergei sergio seth shane shannon sharon shaun shawn sheila shelby shelley sherry
shirley sidney sierra silvia simon simone sofia sonia sonya sophia sophie spencer stacey stacy stan stanley stefan stella
stephan stephanie stephen steve steven stewart stuart sunita suresh susan susanna suzanne svetlana sven sylvia takeshi tamara
tammy tanya tara tariq tatiana taylor ted teresa terrence terry thelma theodore theresa thomas tiffany tim timmy timothy tina
tobias toby todd tom tomas tommy toni tony tracey tracy trevor tricia tristan troy tyler tyrone ulrich ursula valentina valerie
vanessa vera veronica vicki vicky victor victoria vijay vikram vincent viola virginia vivian vladimir wallace walter wanda wei
wendy wesley wilfred wilhelm william willie winston xavier xiao yasmin yolanda yuki yusuf yvette yvonne zachary zainab zhang zoe
jean mark anne-marie jean-pierre mary-ann bill sue pat grace hope faith joy dawn amber ruby pearl lily violet rosemary heather
angel christian iris olive robin dean chase grant miles carol ivy penny summer autumn crystal melody ray gene guy sandy drew
""")

# Given names that are ordinary or clinical words, too: they count only where something else speaks for a name.
AMBIGUOUS_GIVEN = _set("""
mark bill sue pat grace hope faith joy dawn amber ruby pearl lily violet rosemary heather angel christian iris olive robin dean
chase grant miles carol ivy penny summer autumn crystal melody ray gene guy sandy drew rose max june april may will jack don
jan jun jay lee li ada ali an ben chad chen dan ed eve georgia jordan kenya kim ling madison mei ming norma rob rich roman ron
ross roy sierra stan taylor victoria virginia viola wei mercedes florence jesus israel angelica daisy hazel jasmine stella max
art gail dale glen norm herb lance clay cliff barry hank marina dolores jin raj hector harry frank franklin perry ted don nelson
lewis wallace russell graham martin thomas allen allan murphy kelly gilbert gordon stewart morgan mitchell howard down charlotte
cora dana kirk morris paris dakota carter logan blake cameron casey corey grey eli elisa aria ana coral
""")

SURNAMES = _set("""
smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez gonzales wilson anderson thomas
taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright
scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner
diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper peterson bailey
reed kelly howard ramos kim cox ward richardson watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez
castillo sanders patel myers long ross foster jimenez powell jenkins perry russell sullivan bell coleman butler henderson barnes
fisher vasquez simmons romero jordan patterson alexander hamilton graham reynolds griffin wallace moreno west cole hayes bryant
herrera gibson ellis tran medina aguilar stevens murray ford castro marshall owens harrison fernandez mcdonald woods washington
kennedy wells vargas henry chen freeman webb tucker guzman burns crawford olson simpson porter hunter gordon mendez silva shaw
snyder mason dixon munoz hunt hicks holmes palmer wagner black robertson boyd rose stone salazar fox warren mills meyer rice
schmidt garza daniels ferguson nichols stephens soto weaver ryan gardner payne grant dunn kelley spencer hawkins arnold pierce
hansen peters santos hart bradley knight elliott cunningham duncan armstrong hudson carroll lane riley andrews alvarado ray
delgado berry perkins hoffman johnston matthews pena richards contreras willis carpenter lawrence sandoval guerrero george
chapman rios estrada ortega watkins greene nunez wheeler valdez harper burke larson santiago maldonado morrison franklin carlson
austin dominguez carr lawson jacobs obrien lynch singh vega bishop montgomery oliver jensen harvey williamson gilbert dean sims
espinoza howell li wong reid hanson le mccoy garrett burton fuller wang weber welch rojas lucas marquez fields park yang little
banks padilla day walsh bowman schultz luna fowler mejia davidson acosta brewer may holland juarez newman pearson curtis cortez
douglas schneider joseph barrett navarro figueroa keller avila wade molina stanley hopkins campos barnett bates chambers caldwell
beck lambert miranda byrd craig ayala lowe frazier powers neal leonard gregory carrillo sutton fleming rhodes shelton schwartz
norris jennings rios watts duran walters cohen mcdaniel moran parks steele vaughn becker holt deleon barker terry hale leon hail
benson haynes horton miles lyons pham graves bush thornton wolfe warner cabrera mckinney mann zimmerman dawson lara fletcher page
mccarthy love robles cervantes solis erickson reeves chang klein salinas fuentes baldwin daniel simon velasquez hardy higgins
aguirre lin cummings chandler sharp barber bowen ochoa dennis robbins liu ramsey francis griffith paul blair oconnor cardenas
pacheco cross calderon quinn moss swanson chan rivas khan rodgers serrano fitzgerald rosales stevenson christensen manning gill
curry mclaughlin harmon mcgee gross doyle garner newton burgess reese walton blake trujillo adkins brady goodman roman webster
goodwin fischer huang potter delacruz montoya todd wu hines mullins castaneda malone cannon tate mack sherman hubbard hodges zhang
guerra wolf valencia franco saunders rowe gallagher farmer hammond hampton townsend ingram wise gallegos clarke barton schroeder
maxwell waters logan camacho strickland norman person colon parsons frank harrington glover osborne buchanan casey floyd patton
ibarra ball tyler suarez bowers orozco salas cobb gibbs andrade bauer conner moody escobar mcguire lloyd mueller hartman french
kramer mcbride pope lindsey velazquez norton mccormick sparks flynn yates hogan marsh macias villanueva zamora pratt stokes owen
ballard lang brock villarreal charles drake barrera cain patrick pineda burnett mercado santana shepherd bautista ali shaffer
lamb trevino mckenzie hess beil olsen cochran morton nash wilkins petersen briggs shah roth nicholson holloway lozano rangel
flowers hoover short arias mora valenzuela bryan meyers weiss underwood bass greer summers houston carson morrow clayton whitaker
decker yoder collier zuniga carey wilcox melendez poole roberson larsen conley davenport copeland massey lam huff rocha cameron
jefferson hood monroe anthony pittman huynh randall singleton kirk combs mathis christian skinner bradford richard galvan wall
boone kirby wilkinson bridges bruce atkinson velez meza roy vincent york hodge villa abbott allison tapia gates chase sosa
sweeney farrell wyatt dalton horn barron phelps yu dickerson heath foley atkins mathews bonilla acevedo benitez zavala hensley
glenn cisneros harrell shields rubio choi huffman boyer garrison arroyo bond kane hancock callahan dillon cline wiggins grimes
arellano melton oneill savage ho beltran pitts parrish ponce rich booth koch golden ware brennan mcdowell marks cantu humphrey
baxter sawyer clay tanner hutchinson kaur berg wiley gilmore russo villegas hobbs keith wilkerson ahmed beard mcclain montes mata
rosario vang walter henson oneal mosley mcclure beasley stephenson snow huerta preston vance barry johns eaton blackwell dyer
prince macdonald solomon guevara stafford english hurst woodard cortes shannon kemp nolan mccullough merritt murillo moon salgado
strong kline cordova barajas roach rosas winters jacobson lester knox bullock kerr leach meadows davila orr whitehead pruitt kent
conway mckee barr david dejesus marin berger mcintyre blankenship gaines palacios cuevas bartlett durham dorsey mccall odonnell
stein browning stout lowery sloan mclean hendricks calhoun sexton chung gentry hull duarte ellison nielsen gillespie buck middleton
sellers leblanc esparza hardin bradshaw mcintosh howe livingston frost glass morse knapp herman stark bravo noble spears weeks
corona frederick buckley mcfarland hebert enriquez hickman quintero randolph schaefer walls trejo house reilly pennington michael
conrad giles benjamin crosby fitzpatrick donovan mays mahoney valentine raymond medrano hahn mcmillan small bentley felix peck
lucero boyle hanna pace rush hurley harding mcconnell bernal nava ayers everett ventura avery pugh mayer bender shepard mcmahon
landry case sampson moses magana blackburn dunlap gould duffy vaughan herring mckay espinosa rivers farley bernard ashley friedman
potts truong costa correa blevins nixon clements fry delarosa best benton lugo portillo dougherty crane haley phan villalobos
blanchard horne finley quintana lynn esquivel bean dodson mullen xiong hayden cano levy huber richmond moyer lim frye sheppard
mccarty avalos booker waller parra woodward jaramillo krueger rasmussen brandt peralta donaldson stuart faulkner maynard galindo
coffey estes sanford burch maddox vo oconnell vu andersen spence mcpherson church schmitt stanton leal cherry compton dudley
sierra pollard alfaro hester proctor lu hinton novak good madden mccann terrell jarvis dickson reyna cantrell mayo branch hendrix
rollins rowland whitney duke odom daugherty travis tang archer okafor okonkwo adeyemi mensah kowalski nowak petrov ivanov popov
rossi ferrari bianchi esposito muller dubois moreau laurent tanaka suzuki yamamoto watanabe sato gupta sharma kumar reddy rao
iyer mehta hussain rahman hassan ibrahim yilmaz kaya demir haddad cohen goldberg doe oconnor macleod larsson johansson andersson
""")

# Surnames that are ordinary words, too: they count only after a given name, a title or a word such as "named".
EVERYDAY_SURNAMES = _set("""
white black brown green gray young king hill hall long short small little good best strong sharp hardy love price case day may
summers winters frost snow moon luna rose flowers berry bean rice lamb wolf fox crane burns stone woods field fields brooks rivers
bridges waters park parks bank banks house poole church temple street west east north south page read reed wise noble rich grant
power powers cross bush branch cherry golden glass silver steel steele buck hood horn hunter fisher baker cook cooper carpenter
farmer gardner mason miller porter potter shepherd singer skinner taylor turner walker weaver webster wheeler ward bishop pope
prince duke earl knight marshall major judge nurse barber butler chandler chambers bond block bell ball bass battle blood body bone
boone head heart hand foot back beard legs chin cheek shoulder moody rush rowe hale heath lane moss marsh wells walls stair gates
ford camp cannon dean drain drake early fast fever flood glover grace guy hope joy key land law leach mann mack mercy neal orange
peck penny person pain payne pierce pitts pool post root salt sample savage sellers shock sick sims snell spark sparks spring stack
stark still stout tate term tower trip wall watts wax weeks will wing winter wood word worth lee le mark max ho do lo so no ali
bowen chase close combs corona costa fry gill given hays held huff ill lang leak lens link list low mayo mays means mills more nail
parent patch penn pride purple quick raw ray ring roach sales sands seal self shot sleep slow sore spots stokes sweet swift tanner
test thorn walk way weight wild yard yates todd george david paul henry booth marks strickland chase french english welsh holland
""")

CITIES = _phrases("""
new york city, nyc, los angeles, chicago, houston, phoenix, philadelphia, san antonio, san diego, dallas, san jose, austin, jacksonville,
fort worth, columbus, charlotte, san francisco, indianapolis, seattle, denver, boston, el paso, nashville, detroit, oklahoma city,
portland, las vegas, memphis, louisville, baltimore, milwaukee, albuquerque, tucson, fresno, sacramento, kansas city, mesa, atlanta,
omaha, colorado springs, raleigh, miami, long beach, virginia beach, oakland, minneapolis, tulsa, tampa, arlington, new orleans,
wichita, cleveland, bakersfield, honolulu, anaheim, lexington, stockton, cincinnati, st. louis, st louis, saint louis, saint paul,
st. paul, pittsburgh, anchorage, greensboro, newark, plano, lincoln, orlando, irvine, toledo, durham, buffalo, chula vista,
fort wayne, jersey city, st. petersburg, laredo, chandler, lubbock, scottsdale, reno, glendale, gilbert, norfolk, winston-salem,
irving, fremont, baton rouge, richmond, boise, spokane, birmingham, tacoma, rochester, des moines, modesto, fayetteville, salt lake city,
little rock, akron, augusta, knoxville, grand rapids, chattanooga, providence, fort lauderdale, santa ana, huntsville, tallahassee,
eugene, springfield, hartford, new haven, bridgeport, syracuse, albany, brooklyn, queens, manhattan, bronx, staten island, pasadena,
burbank, berkeley, palo alto, ann arbor, madison, charleston, savannah, santa monica, santa barbara, worcester, cambridge, bethesda,
london, manchester, leeds, glasgow, edinburgh, liverpool, bristol, sheffield, cardiff, belfast, dublin, cork, galway, toronto,
vancouver, montreal, ottawa, calgary, edmonton, winnipeg, sydney, melbourne, brisbane, perth, adelaide, auckland, wellington, paris,
lyon, marseille, berlin, munich, hamburg, cologne, frankfurt, vienna, zurich, geneva, basel, brussels, antwerp, amsterdam, rotterdam,
copenhagen, oslo, stockholm, helsinki, madrid, barcelona, valencia, seville, lisbon, porto, rome, milan, naples, turin, athens, warsaw,
krakow, prague, budapest, bucharest, sofia, belgrade, zagreb, kyiv, moscow, istanbul, ankara, cairo, lagos, abuja, nairobi, accra,
johannesburg, cape town, casablanca, tel aviv, jerusalem, dubai, riyadh, tehran, baghdad, karachi, lahore, delhi, new delhi, mumbai,
bangalore, chennai, kolkata, hyderabad, dhaka, bangkok, singapore, kuala lumpur, jakarta, manila, hanoi, ho chi minh city, hong kong,
shanghai, beijing, taipei, seoul, tokyo, osaka, kyoto, mexico city, guadalajara, bogota, lima, santiago, buenos aires, sao paulo,
rio de janeiro, caracas, havana
""")

STATE_CODES = _set(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX "
    "UT VT VA WA WV WI WY DC"
)
# As large as a state or larger: Safe Harbor lets them stand.
REGIONS = _phrases("""
alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, hawaii, idaho, illinois, indiana,
iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts, michigan, minnesota, mississippi, missouri, montana, nebraska,
nevada, new hampshire, new jersey, new mexico, north carolina, north dakota, ohio, oklahoma, oregon, pennsylvania, rhode island,
south carolina, south dakota, tennessee, texas, utah, vermont, virginia, washington state, west virginia, wisconsin, wyoming,
united states, usa, us, america, canada, mexico, brazil, argentina, england, scotland, wales, ireland, britain, uk, united kingdom,
france, germany, spain, italy, portugal, netherlands, belgium, switzerland, austria, poland, sweden, norway, denmark, finland, greece,
turkey, russia, ukraine, china, india, pakistan, bangladesh, japan, korea, vietnam, thailand, indonesia, philippines, australia,
new zealand, egypt, nigeria, kenya, ghana, ethiopia, south africa, morocco, israel, iran, iraq, saudi arabia, europe, asia, africa,
chile, peru, colombia, ecuador, bolivia, cuba, haiti, jamaica, dominican republic, venezuela, guatemala, honduras, nicaragua,
panama, costa rica, nepal, sri lanka, malaysia, cambodia, laos, myanmar, taiwan, afghanistan, syria, lebanon, tunisia, algeria, uganda,
tanzania, congo, senegal, cameroon, sudan, somalia, zimbabwe, zambia, hungary, czech republic, romania, bulgaria, serbia, croatia,
slovenia, slovakia, iceland, luxembourg, estonia, latvia, lithuania, north africa, central america,
north america, south america, puerto rico, new england, midwest, middle east
""")
