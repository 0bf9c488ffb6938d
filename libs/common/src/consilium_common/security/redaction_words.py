"""Words that redaction knows: names of people and places that are common in several cultures.

Common knowledge, written down for this project. The lists help where form and context do not suffice; a name that is not in
them is still found by its context.
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip())


GIVEN_NAMES = _set("""
aaron abby abdul abdullah abigail ada adam adele adrian adriana agnes ahmad ahmed aisha akira alan albert alberto alejandra
alejandro alessandro alex alexa alexander alexandra alexis alfonso alfred ali alice alicia alison allan allison alma alvaro
amanda amara amber amelia amina amir amit amy ana anastasia anders andre andrea andreas andrew andy angel angela angelica
angelina angelo anil anita anjali ann anna annabelle anne anne-marie annette annie anthony antoine anton antonia antonio anya
april arash aria ariana arjun arlene arnold arthur arturo asha ashley astrid audrey autumn barbara barry beatrice beatriz
becky belinda ben benjamin bernard bernice beth bethany betty beverly bianca bill bjorn blake bob bobby bonnie boris brad
bradley brandon brenda brendan brett brian bridget bruce bruno bryan caleb calvin cameron camila camille candice carla carlos
carmen carol caroline carolyn carrie casey catherine cathy cecilia chad chandra charlene charles charlie charlotte chase chen
cheryl chidi chinedu chloe chris christian christina christine christopher cindy claire clara clarence claude claudia clifford
clyde cody colin colleen connie connor constance cora corey courtney craig cristina crystal curtis cynthia daisy damien dan
dana daniel daniela danielle danny daphne darius darlene darren dave david dawn dean deborah debra deepak deirdre denis denise
dennis derek diana diane diego dimitri dmitri dolores dominic dominique don donald donna dora doris dorothy doug douglas drew
duncan dylan ed eddie edgar edith edna eduardo edward edwin eileen elaine eleanor elena eli elias elijah elisa elise elizabeth
ella ellen ellie elliot eloise elsa elsie emeka emil emilia emilio emily emma emmanuel enrique eric erica erik erika erin
ernest esperanza esteban esther ethan eugene eunice eva evan eve evelyn ezra faith fatima federico felicia felix fernanda
fernando fiona florence frances francesca francesco francis francisco franco frank franklin fred frederick frieda gabriel
gabriela gail gareth gary gavin gene geoffrey george georgia georgina gerald geraldine gerard gianna gilbert gina giovanni
giulia giuseppe gladys glenn gloria gonzalo gordon grace graham grant greg gregory greta gretchen guillermo gustavo guy gwen
hailey hank hannah hans harold harriet harry harvey hasan hassan hazel heather hector heidi helen helena helga henrik henry
herbert herman hilda hiroshi hope howard hugh hugo hussein ian ibrahim ida ignacio igor imran ines ingrid irene irina iris
isaac isabel isabella isabelle isaiah ismail ivan ivana ivy jack jackie jacob jacqueline jacques jaime jake jamal james jamie
jan jane janet janice jared jasmine jason javier jay jean jean-pierre jeanette jeff jeffrey jenna jennifer jenny jeremy jerome
jerry jesse jessica jesus jill jim jimmy jin joan joanna joanne joaquin jodi joe joel joey johan johanna john johnny jon jonas
jonathan jordan jorge jose josef joseph josephine josh joshua joy joyce juan juanita judith judy julia julian juliana julie
juliet julio jun june justin kaitlyn kamal karen karim karin karl karla kate katherine kathleen kathryn kathy katie kavita
kayla keiko keith kelly ken kendra kenji kenneth kenya kevin khadija khalid kim kimberly kirk kirsten klaus kofi kristen
kristin kristina kumar kwame kyle lakshmi lara larry latisha latoya laura lauren laurie lawrence leah lee leila lena leo leon
leonard leonardo leroy leslie leticia lewis li liam lila lillian lily linda lindsay ling lisa liz lois lola lorenzo loretta
lori lorraine louis louise lucas lucia luciana lucille lucy luis luisa luke lydia lynn mabel mackenzie madeline madison maggie
magnus mahmoud malcolm mandy manuel marc marcel marcela marcia marco marcos marcus margaret margarita maria mariam marian
mariana marie marilyn mario marion marisol marissa marjorie mark marlene marta martha martin martina marvin mary mary-ann
maryam mateo matilda matt matteo matthew maureen maurice max maxine maya megan mehmet mei melanie melinda melissa melody
mercedes meredith mia micah michael michaela michel michele michelle miguel mike mikhail mildred milena miles ming miranda
miriam mitchell mohamed mohammad mohammed moira molly mona monica monique morgan muhammad mustafa myra myrtle nabil nadia
nancy naomi natalia natalie natasha nathan nathaniel neha neil nelson ngozi nguyen nicholas nicole nigel nikhil nikolai nina
nisha noah noel nora norma norman octavia olga olive oliver olivia omar oscar osman otto owen pablo paige pamela paolo pat
patricia patrick patti paul paula pauline pearl pedro peggy penelope penny perry peter petra philip phillip phoebe phyllis
pierre pilar piotr priya rachel rafael rahul raj rajesh ralph ramon ramona randall randy raquel rashid raul ravi ray raymond
rebecca reggie regina rekha rene renee rhonda ricardo richard rick ricky rita rob robert roberta roberto robin rodney rodrigo
roger rohan roland roman ron ronald ronnie rosa rosalie rosalind rosanna rose rosemary rosie ross roy ruben ruby rudolf rudy
russell ruth ryan sabrina sally sam samantha samir samuel sandra sandy sanjay santiago sara sarah sasha saul scott sean
sebastian sergei sergio seth shane shannon sharon shaun shawn sheila shelby shelley sherry shirley sidney sierra silvia simon
simone sofia sonia sonya sophia sophie spencer stacey stacy stan stanley stefan stella stephan stephanie stephen steve steven
stewart stuart sue summer sunita suresh susan susanna suzanne sven svetlana sylvia takeshi tamara tammy tanya tara tariq
tatiana taylor ted teresa terrence terry thelma theodore theresa thomas tiffany tim timmy timothy tina tobias toby todd tom
tomas tommy toni tony tracey tracy trevor tricia tristan troy tyler tyrone ulrich ursula valentina valerie vanessa vera
veronica vicki vicky victor victoria vijay vikram vincent viola violet virginia vivian vladimir wallace walter wanda wei wendy
wesley wilfred wilhelm william willie winston xavier xiao yasmin yolanda yuki yusuf yvette yvonne zachary zainab zhang zoe
""")

# Given names that are ordinary or clinical words, too: they count only where something else speaks for a name.
AMBIGUOUS_GIVEN = _set("""
ada ali allan allen amber an ana angel angelica april aria art autumn barry ben bill blake cameron carol carter casey chad
charlotte chase chen christian clay cliff cora coral corey crystal daisy dakota dale dan dana dawn dean dolores don down drew
ed eli elisa eve faith florence frank franklin gail gene georgia gilbert glen gordon grace graham grant grey guy hank harry
hazel heather hector herb hope howard iris israel ivy jack jan jasmine jay jesus jin jordan joy jun june kelly kenya kim kirk
lance lee lewis li lily ling logan madison marina mark martin max may mei melody mercedes miles ming mitchell morgan morris
murphy nelson norm norma olive paris pat pearl penny perry raj ray rich rob robin roman ron rose rosemary ross roy ruby
russell sandy sierra stan stella stewart sue summer taylor ted thomas victoria viola violet virginia wallace wei will
""")

SURNAMES = _set("""
abbott acevedo acosta adams adeyemi adkins aguilar aguirre ahmed alexander alfaro ali allen allison alvarado alvarez andersen
anderson andersson andrade andrews anthony archer arellano arias armstrong arnold arroyo ashley atkins atkinson austin avalos
avery avila ayala ayers bailey baker baldwin ball ballard banks barajas barber barker barnes barnett barr barrera barrett
barron barry bartlett barton bass bates bauer bautista baxter bean beard beasley beck becker beil bell beltran bender benitez
benjamin bennett benson bentley benton berg berger bernal bernard berry best bianchi bishop black blackburn blackwell blair
blake blanchard blankenship blevins bond bonilla booker boone booth bowen bowers bowman boyd boyer boyle bradford bradley
bradshaw brady branch brandt bravo brennan brewer bridges briggs brock brooks brown browning bruce bryan bryant buchanan buck
buckley bullock burch burgess burke burnett burns burton bush butler byrd cabrera cain calderon caldwell calhoun callahan
camacho cameron campbell campos cannon cano cantrell cantu cardenas carey carlson carpenter carr carrillo carroll carson
carter case casey castaneda castillo castro cervantes chambers chan chandler chang chapman charles chase chavez chen cherry
choi christensen christian chung church cisneros clark clarke clay clayton clements cline cobb cochran coffey cohen cole
coleman collier collins colon combs compton conley conner conrad contreras conway cook cooper copeland cordova corona correa
cortes cortez costa cox craig crane crawford crosby cross cruz cuevas cummings cunningham curry curtis dalton daniel daniels
daugherty davenport david davidson davila davis dawson day dean decker dejesus delacruz delarosa deleon delgado demir dennis
diaz dickerson dickson dillon dixon dodson doe dominguez donaldson donovan dorsey dougherty douglas doyle drake duarte dubois
dudley duffy duke duncan dunlap dunn duran durham dyer eaton edwards elliott ellis ellison english enriquez erickson escobar
esparza espinosa espinoza esposito esquivel estes estrada evans everett farley farmer farrell faulkner felix ferguson
fernandez ferrari fields figueroa finley fischer fisher fitzgerald fitzpatrick fleming fletcher flores flowers floyd flynn
foley ford foster fowler fox francis franco frank franklin frazier frederick freeman french friedman frost fry frye fuentes
fuller gaines galindo gallagher gallegos galvan garcia gardner garner garrett garrison garza gates gentry george gibbs gibson
gilbert giles gill gillespie gilmore glass glenn glover goldberg golden gomez gonzales gonzalez good goodman goodwin gordon
gould graham grant graves gray green greene greer gregory griffin griffith grimes gross guerra guerrero guevara gupta
gutierrez guzman haddad hahn hail hale haley hall hamilton hammond hampton hancock hanna hansen hanson hardin harding hardy
harmon harper harrell harrington harris harrison hart hartman harvey hassan hawkins hayden hayes haynes heath hebert henderson
hendricks hendrix henry hensley henson herman hernandez herrera herring hess hester hickman hicks higgins hill hines hinton ho
hobbs hodge hodges hoffman hogan holland holloway holmes holt hood hoover hopkins horn horne horton house houston howard howe
howell huang hubbard huber hudson huerta huff huffman hughes hull humphrey hunt hunter hurley hurst hussain hutchinson huynh
ibarra ibrahim ingram ivanov iyer jackson jacobs jacobson james jaramillo jarvis jefferson jenkins jennings jensen jimenez
johansson johns johnson johnston jones jordan joseph juarez kane kaur kaya keith keller kelley kelly kemp kennedy kent kerr
khan kim king kirby kirk klein kline knapp knight knox koch kowalski kramer krueger kumar lam lamb lambert landry lane lang
lara larsen larson larsson laurent lawrence lawson le leach leal leblanc lee leon leonard lester levy lewis li lim lin lindsey
little liu livingston lloyd logan long lopez love lowe lowery lozano lu lucas lucero lugo luna lynch lynn lyons macdonald
macias mack macleod madden maddox magana mahoney maldonado malone mann manning marin marks marquez marsh marshall martin
martinez mason massey mata mathews mathis matthews maxwell may mayer maynard mayo mays mcbride mccall mccann mccarthy mccarty
mcclain mcclure mcconnell mccormick mccoy mccullough mcdaniel mcdonald mcdowell mcfarland mcgee mcguire mcintosh mcintyre
mckay mckee mckenzie mckinney mclaughlin mclean mcmahon mcmillan mcpherson meadows medina medrano mehta mejia melendez melton
mendez mendoza mensah mercado merritt meyer meyers meza michael middleton miles miller mills miranda mitchell molina monroe
montes montgomery montoya moody moon moore mora morales moran moreau moreno morgan morris morrison morrow morse morton moses
mosley moss moyer mueller mullen muller mullins munoz murillo murphy murray myers nash nava navarro neal nelson newman newton
nguyen nichols nicholson nielsen nixon noble nolan norman norris norton novak nowak nunez obrien ochoa oconnell oconnor odom
odonnell okafor okonkwo oliver olsen olson oneal oneill orozco orr ortega ortiz osborne owen owens pace pacheco padilla page
palacios palmer park parker parks parra parrish parsons patel patrick patterson patton paul payne pearson peck pena pennington
peralta perez perkins perry person peters petersen peterson petrov pham phan phelps phillips pierce pineda pittman pitts
pollard ponce poole pope popov porter portillo potter potts powell powers pratt preston price prince proctor pruitt pugh quinn
quintana quintero rahman ramirez ramos ramsey randall randolph rangel rao rasmussen ray raymond reddy reed reese reeves reid
reilly reyes reyna reynolds rhodes rice rich richard richards richardson richmond riley rios rivas rivera rivers roach robbins
roberson roberts robertson robinson robles rocha rodgers rodriguez rogers rojas rollins roman romero rosales rosario rosas
rose ross rossi roth rowe rowland roy rubio ruiz rush russell russo ryan salas salazar salgado salinas sampson sanchez sanders
sandoval sanford santana santiago santos sato saunders savage sawyer schaefer schmidt schmitt schneider schroeder schultz
schwartz scott sellers serrano sexton shaffer shah shannon sharma sharp shaw shelton shepard shepherd sheppard sherman shields
short sierra silva simmons simon simpson sims singh singleton skinner sloan small smith snow snyder solis solomon sosa soto
sparks spears spence spencer stafford stanley stanton stark steele stein stephens stephenson stevens stevenson stewart stokes
stone stout strickland strong stuart suarez sullivan summers sutton suzuki swanson sweeney tanaka tang tanner tapia tate
taylor terrell terry thomas thompson thornton todd torres townsend tran travis trejo trevino trujillo truong tucker turner
tyler underwood valdez valencia valentine valenzuela vance vang vargas vasquez vaughan vaughn vega velasquez velazquez velez
ventura villa villalobos villanueva villarreal villegas vincent vo vu wade wagner walker wall wallace waller walls walsh
walter walters walton wang ward ware warner warren washington watanabe waters watkins watson watts weaver webb weber webster
weeks weiss welch wells west wheeler whitaker white whitehead whitney wiggins wilcox wiley wilkerson wilkins wilkinson
williams williamson willis wilson winters wise wolf wolfe wong wood woodard woods woodward wright wu wyatt xiong yamamoto yang
yates yilmaz yoder york young yu zamora zavala zhang zimmerman zuniga
""")

# Surnames that are ordinary words, too: they count only after a given name, a title or a word such as "named".
EVERYDAY_SURNAMES = _set("""
ali back baker ball bank banks barber bass battle bean beard bell berry best bishop black block blood body bond bone boone
booth bowen branch bridges brooks brown buck burns bush butler camp cannon carpenter case chambers chandler chase cheek cherry
chin church close combs cook cooper corona costa crane cross david day dean do drain drake duke earl early east english farmer
fast fever field fields fisher flood flowers foot ford fox french frost fry gardner gates george gill given glass glover
golden good grace grant gray green guy hale hall hand hardy hays head heart heath held henry hill ho holland hood hope horn
house huff hunter ill joy judge key king knight lamb land lane lang law le leach leak lee legs lens link list little lo long
love low luna mack major mann mark marks marsh marshall mason max may mayo mays means mercy miller mills moody moon more moss
nail neal no noble north nurse orange page pain parent park parks patch paul payne peck penn penny person pierce pitts pool
poole pope porter post potter power powers price pride prince purple quick raw ray read reed rice rich ring rivers roach root
rose rowe rush sales salt sample sands savage seal self sellers sharp shepherd shock short shot shoulder sick silver sims
singer skinner sleep slow small snell snow so sore south spark sparks spots spring stack stair stark steel steele still stokes
stone stout street strickland strong summers sweet swift tanner tate taylor temple term test thorn todd tower trip turner walk
walker wall walls ward waters watts wax way weaver webster weeks weight wells welsh west wheeler white wild will wing winter
winters wise wolf wood woods word worth yard yates young
""")

CITIES = _phrases("""
abuja, accra, adelaide, akron, albany, albuquerque, amsterdam, anaheim, anchorage, ankara, ann arbor, antwerp, arlington,
athens, atlanta, auckland, augusta, austin, baghdad, bakersfield, baltimore, bangalore, bangkok, barcelona, basel, baton
rouge, beijing, belfast, belgrade, berkeley, berlin, bethesda, birmingham, bogota, boise, boston, bridgeport, brisbane,
bristol, bronx, brooklyn, brussels, bucharest, budapest, buenos aires, buffalo, burbank, cairo, calgary, cambridge, cape town,
caracas, cardiff, casablanca, chandler, charleston, charlotte, chattanooga, chennai, chicago, chula vista, cincinnati,
cleveland, cologne, colorado springs, columbus, copenhagen, cork, dallas, delhi, denver, des moines, detroit, dhaka, dubai,
dublin, durham, edinburgh, edmonton, el paso, eugene, fayetteville, fort lauderdale, fort wayne, fort worth, frankfurt,
fremont, fresno, galway, geneva, gilbert, glasgow, glendale, grand rapids, greensboro, guadalajara, hamburg, hanoi, hartford,
havana, helsinki, ho chi minh city, hong kong, honolulu, houston, huntsville, hyderabad, indianapolis, irvine, irving,
istanbul, jacksonville, jakarta, jersey city, jerusalem, johannesburg, kansas city, karachi, knoxville, kolkata, krakow, kuala
lumpur, kyiv, kyoto, lagos, lahore, laredo, las vegas, leeds, lexington, lima, lincoln, lisbon, little rock, liverpool,
london, long beach, los angeles, louisville, lubbock, lyon, madison, madrid, manchester, manhattan, manila, marseille,
melbourne, memphis, mesa, mexico city, miami, milan, milwaukee, minneapolis, modesto, montreal, moscow, mumbai, munich,
nairobi, naples, nashville, new delhi, new haven, new orleans, new york city, newark, norfolk, nyc, oakland, oklahoma city,
omaha, orlando, osaka, oslo, ottawa, palo alto, paris, pasadena, perth, philadelphia, phoenix, pittsburgh, plano, portland,
porto, prague, providence, queens, raleigh, reno, richmond, rio de janeiro, riyadh, rochester, rome, rotterdam, sacramento,
saint louis, saint paul, salt lake city, san antonio, san diego, san francisco, san jose, santa ana, santa barbara, santa
monica, santiago, sao paulo, savannah, scottsdale, seattle, seoul, seville, shanghai, sheffield, singapore, sofia, spokane,
springfield, st louis, st. louis, st. paul, st. petersburg, staten island, stockholm, stockton, sydney, syracuse, tacoma,
taipei, tallahassee, tampa, tehran, tel aviv, tokyo, toledo, toronto, tucson, tulsa, turin, valencia, vancouver, vienna,
virginia beach, warsaw, wellington, wichita, winnipeg, winston-salem, worcester, zagreb, zurich
""")

STATE_CODES = _set(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC "
    "SD TN TX UT VT VA WA WV WI WY DC"
)
# As large as a state or larger: Safe Harbor lets them stand.
REGIONS = _phrases("""
afghanistan, africa, alabama, alaska, algeria, america, argentina, arizona, arkansas, asia, australia, austria, bangladesh,
belgium, bolivia, brazil, britain, bulgaria, california, cambodia, cameroon, canada, central america, chile, china, colombia,
colorado, congo, connecticut, costa rica, croatia, cuba, czech republic, delaware, denmark, dominican republic, ecuador,
egypt, england, estonia, ethiopia, europe, finland, florida, france, georgia, germany, ghana, greece, guatemala, haiti,
hawaii, honduras, hungary, iceland, idaho, illinois, india, indiana, indonesia, iowa, iran, iraq, ireland, israel, italy,
jamaica, japan, kansas, kentucky, kenya, korea, laos, latvia, lebanon, lithuania, louisiana, luxembourg, maine, malaysia,
maryland, massachusetts, mexico, michigan, middle east, midwest, minnesota, mississippi, missouri, montana, morocco, myanmar,
nebraska, nepal, netherlands, nevada, new england, new hampshire, new jersey, new mexico, new zealand, nicaragua, nigeria,
north africa, north america, north carolina, north dakota, norway, ohio, oklahoma, oregon, pakistan, panama, pennsylvania,
peru, philippines, poland, portugal, puerto rico, rhode island, romania, russia, saudi arabia, scotland, senegal, serbia,
slovakia, slovenia, somalia, south africa, south america, south carolina, south dakota, spain, sri lanka, sudan, sweden,
switzerland, syria, taiwan, tanzania, tennessee, texas, thailand, tunisia, turkey, uganda, uk, ukraine, united kingdom, united
states, us, usa, utah, venezuela, vermont, vietnam, virginia, wales, washington state, west virginia, wisconsin, wyoming,
zambia, zimbabwe
""")
