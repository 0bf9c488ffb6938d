"""Clinical words that look like names and must survive: eponyms, what they stand before, acronyms, publishers of guidelines."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What follows an eponym: "Wells score", "Marfan syndrome", "Thomas test". A capitalised word before one of these is no person.
CLINICAL_NOUNS = _set("""
adenoma agent anaemia anemia anesthesia aneurysm angle antibodies antibody antigen aphasia approach arch area arteritis
arthritis assessment ataxia bladder block bodies body breathing canal cancer carcinoma cardiomyopathy catheter cell cells
checklist chorea chromosome circle class classification clip colic colitis coma consensus contracture corpuscle crisis
criteria criterion culture curve cyst deformity dementia diet disease disorder drain duct dysplasia dystrophy encephalitis
encephalopathy enema epilepsy equation esophagitis esophagus exercise exercises factor fascia fever fibers fibres flap foramen
formula fracture fractures gastritis gene gland glands goiter goitre grade grading graft granulomatosis guideline guidelines
headache hepatitis hernia hernias hormone implant index insulin interval interview inventory lentigo lesion lesions level
levels ligament line lines lymphadenopathy lymphoma malformation maneuver manoeuvre mass measure melanoma membrane meningitis
metaplasia method migraine murmur muscle mutation negative nephropathy neuropathy nevus node nodes nodules nomogram oesophagus
operation palsy paralysis parkinsonism pattern phase phenomena phenomenon pill pneumonia point position positive pouch
procedure protocol protocols psychosis pulse pump questionnaire rash recommendation recommendations reflex regimen repair
respiration respirations ring ringer's rings risk rule rules sarcoma scale score score's scores segment shunt sign signs
solution space spots stage staged stages staging stain stent stool stroke studies study survey suture syndrome technique
tendon test testing tests tetrad therapy thyroid thyroiditis thyrotoxicosis tick ticks tract triad trial tube tumor tumour
type types ulcer ulcers vaccine vaccines valve vasculitis virus wave waves
""")

# People and places in the names of diseases, signs, scores and operations: possessive or not, alone or before a clinical noun.
EPONYMS = _set("""
abadie achilles acinetobacter adamkiewicz adams addenbrooke addison adson albright alport alzheimer angelman ankylosing
ann-arbor apert apgar apley argyll armanni arnold arnold-chiari arthus aschoff asherman asperger aspergillus babinski
bainbridge baker balint ballance bankart barlow barre barrett barthel bartholin bartonella bartter basedow bazett beau beck
becker beers behcet behçet bell bennett berg berger bernard bernoulli bezold billroth binet bishop bitot blalock bloom blount
blumberg bochdalek boerhaave bordetella borrelia boston bouchard bowen bowman braden bradford breslow bright bristol broca
brodie brown-sequard brown-séquard brucella brudzinski brugada budd budd-chiari burkitt calot campylobacter candida caplan
carpenter castleman chaddock chagas charcot charcot-marie-tooth chiari child child-pugh child-turcotte-pugh chlamydia chvostek
claude clostridioides clostridium cobb cockcroft cockcroft-gault codman colles conn conners cooley coombs cooper courvoisier
couvade cowden coxsackie creutzfeldt creutzfeldt-jakob crigler crohn cryptococcus cullen cushing dandy danlos darier deaver
degos dejerine denis denver dercum devic diamond dix dix-hallpike down dressler dubin duchenne dukes dupuytren durkan duroziez
ebola ebstein edinburgh edwards ehlers ehlers-danlos eisenmenger electra ellison entamoeba enterobacter enterococcus epley
epstein epstein-barr erb escherichia ewing fabry fallopian fallot fanconi finkelstein fitz fitzpatrick foley forrestier
fournier framingham frank fredrickson friedreich frohlich froment frykman gaenslen galeazzi garden gardner garrod gastaut
gaucher gault gehrig gerstmann gertsmann giardia gilbert gilles gitelman glasgow gleason goodpasture gordon gottron gowers
gram graves grawitz grey griesinger guillain guillain-barre guillain-barré gustilo guyon hads haemophilus haglund hallpike
halsted hamilton hand hansen hardy-weinberg harrington harris hartmann hashimoto hawkins hawthorne hays heberden heimlich
heinz helicobacter hendra henoch henoch-schönlein hill hirschsprung histoplasma hodgkin hodgkins hoffa hoffman hoffmann homans
hoover horner horton howell hunt huntington hurler hutchinson ishihara jacksonian jakob janeway jarisch jarvik jeghers
jendrassik jervell jobe jones kallmann kaplan kaplan-meier kaposi karnofsky kartagener katz kawasaki kayser kehr kennedy
kernig kernohan killip kimmelstiel klebsiella klinefelter klumpke kocher koebner koplik korsakoff krukenberg kussmaul lachman
laennec lambert landry lange langerhans larsen lasegue laurence lawton leber legg legg-calvé-perthes legionella legionnaires
leigh leishmania lennox lennox-gastaut leopold leriche lesch levine lewy lhermitte libman lisfranc lister listeria little
loeffler lou louis ludwig lund lyme lynch löffler maisonneuve mallampati mallory mallory-weiss mantoux marburg marcus marfan
marie maslow mason mayer mcardle mcburney mcmurray meckel meier meigs mendel menetrier meniere merkel michigan mikulicz
milwaukee mini-cog mirizzi mobitz moebius mondor monro montgomery montreal moraxella morse morton mulder munchausen murphy
mycobacterium mycoplasma ménière ménétrier neer neisseria nelson newcastle niemann nikolsky nile nipah nissen noonan norton
norwalk norwood ober obers ogilvie olliver ombredanne ondine ortolani osgood osgood-schlatter osler osserman ottawa paget
pancoast papanicolaou papp parinaud parkes parkinson parkinson-white parkinsonian patau patrick pautrier pavlov pemberton
perthes peutz peutz-jeghers peyer peyronie phalen phelps philadelphia pick pickwickian pierre plasmodium plummer pneumocystis
poland pompe pontiac pott pott's prader prader-willi prinzmetal proteus pseudomonas pugh purkinje purtscher queckenstedt
quincke ramsay rankin ranson rapoport rasmussen raynaud reed reinke reiter rendu rett reye richter rickettsia riedel riley
rinne ritter romberg rorschach rosenthal roth rotor roux rovsing rovsing's rubin sabin sachs salk salmonella salter
salter-harris schatzker schatzki scheuermann schilling schirmer schistosoma schlatter schober schonlein schultze schwann
schwartz schönlein seldinger sengstaken serratia sever sezary sheehan shigella sick simmonds simon sipple sjogren sjögren
skene snellen speed spurling stanford staphylococcus stein steinberg sternberg stevens stevens-johnson still stokes stopp
streptococcus strumpell sturge sturge-weber sudeck swan sweet swyer sydenham sézary takayasu takotsubo tanner tay tay-sachs
teeley thomas thompson thomsen tietze tile tinel tinetti todd tourette tower toxoplasma treacher trendelenburg treponema
trousseau trypanosoma turcot turcotte turner tzanck valsalva verneuil vibrio virchow volkmann von waardenburg wada waldenstrom
waldenström wallenberg warthin waterhouse waterlow weber wegener weil weiss wells wenckebach werdnig werner wernicke west
west-nile whipple wickham widal willebrand willi williams wilms wilson winter winters wiskott wolff wolff-parkinson-white
wolfram yergason yersinia young zenker ziehl zika zollinger zollinger-ellison zung
""")

# Short forms that stand in capitals and are no hospital, no state and no initials.
ACRONYMS = _set("""
a1c aaa aafp aan aaos aap aasld aasm abcd2 abg abi acc accp ace acei acg acl acls acog acp acq acr acs act acth acvim ad ada
adhd adl adls aed aes af afib aha ahi aids aki aks alk alp als alt ama ami ana anca ank ao aom apache aptt ara arb arbs ards
arf arni as asa asam asas asco ascvd asd asrm ast ats ats/idsa aua audit av avr bad basdai bav bbb bid bipap bls bmd bmi bmp
bnf bnp bode bp bpd bph bpm braf brca bsg bsr bts bun bv ca cabg cad cage cap car car-t cat cbc cbt ccq cdc cf cha2ds2 chads
chads2 chd chf ci ck ckd cll cml cmp cmv cns copd covid cpap cpk cpr crp crps crt crt-d cs csf ct cta ctdna ctp curb curb-65
cva cvd cxr dapt das28 dash dast dbp dbs dcm dexa diabetes dic dip dka dm dmard dmards dnr do doac doacs dob dpp dr dre dsm
dvt dx eacts ean easd easl eau ebv ecg ecmo ed ef efns egd egfr ekg elisa emg emr epds eq-5d er ercp ers esbl esc escmid esmo
espen esr esrd ess etoh eular fda fev1 ffp fh figo fna fsgs ftt fu fvc gad gbs gcs gerd gfr gi gina glp gold gp grace gu gvhd
haq has-bled hba1c hbv hcc hcm hct hcv hdl heart hellp her2 hf hfpef hfref hit hiv hla ho hocm hpi hpv hr hrt hsv htn hus hx
ibd ibs ibw icd icp icu id idsa iga ige igg ii iia iib iii iiia iiib iiic ild im inh inr io iop ip ipf ir isi isth it itp iud
iv ivc ivdu ivf ivig ix jak jia jnc kdigo koos kras kub laba lad lama lbbb ldh ldl lft lfts lmp lmwh lv lvad lvef lvh ma
maddrey maoi map maze mca md meld men mers mews mgus mi mic mmpi mmr mmrc mmse moca mpn mr mrcp mri mrn mrsa ms mss mtx mva
mvr na nafld nash ncbi nccn neb news news2 nhs nice nicu nih nihss nk nka nkda no noac noacs none nph nsaid nsaids nsclc
nstemi nyha oa ob obgyn ocd ocp od osa ot otc pa pacs pah pci pcos pcp pcr pcsk9 pd pd-1 pd-l1 pda pe pef peg perc pet pfo pft
pfts phq pid po pop pos post ppd ppi ppis pr prn prp psa psg psgn psi psp psych pt pth ptsd ptt pud pvc pvcs pvd qd qid qol
qsofa qt qtc ra ras rbbb rbc rca rcc rcog rcp rct rf rhd ria rom ros rsv rt rvr rx saba sad sah sars sbp scc scd sci sclc sd
se ses sf-36 sglt2 siadh sids sign sjs sle smart-cop snri soap sob sofa spect ss ssn ssri ssris sss stat std stds stemi sti
stis svt t1d t1dm t2d t2dm ta tavi tavr tb tbi tca tee ten tg tha tia tias tid timi tips tka tmj tnf tnm tpa tpn ts tsh tte
ttp turp tx uc ui uri us uspstf uti utis uv va vats vf vi vii viii vitamin vpa vsd vt vte vwf vzv wbc who wisc wnl womac wpw
xi xii xr zip
""")

# Words that begin with a capital in the middle of a sentence without being a name.
PLAIN = _set("""
a aboriginal advice african african-american all american an and answer any appropriate apr april arab are as ashkenazi asian
at aug august baby bed benefits best black bmj brazilian british brother buddhist but by can caribbean catholic caucasian
chapter chinese christian christmas class clinic cochrane could current dad danish daughter day dear dec december did do
doctor does dose dosing dutch easter eastern effective effects english european father feb february female figure filipino
finnish floor follow follow-up for french friday from german google grade greek group guidelines had has have hello her hi
hindu his hispanic hospital how husband i i'd i'll i'm i've if in indian indigenous initial internet irish is italian its jama
jan january japanese jewish jul july jun june korean lancet latest latina latino latinx level madam male man management mar
march may medicaid medicare mediterranean medline mexican might mom monday month mother mum muslim must my native nature nejm
new no northern norwegian not nov november nurse oct october of on optimal options or our part patient phase plan please
polish portuguese protocol pubmed question ramadan recent recommendations recommended risk risks room russian safe saturday
score scottish section sep sephardic sept september should side sir sister so son southern spanish stage standard step sunday
swedish table than thank thanks thanksgiving that the their then these this those thursday to treatment tuesday turkish type
unit updated uptodate use using vietnamese ward was wednesday week welsh were western what when where which white who why wife
will with woman would year yes your
""")

# Drug brands that are often written with a capital and that no list of generic names holds.
BRANDS = _set("""
abilify actonel adderall advair advil aimovig aleve allegra ambien amoxil aspirin ativan augmentin avastin bactrim benadryl
biktarvy boniva botox breo brilinta bumex celexa cialis cipro claritin concerta coreg cosentyx coumadin cozaar crestor
cymbalta depakote descovy diflucan dilantin diovan dupixent effexor eliquis emgality enbrel entresto epclusa epipen excedrin
farxiga flagyl flomax flovent fosamax gleevec harvoni heparin herceptin humalog humira ibrance imitrex invokana januvia
jardiance keflex keppra keytruda klonopin lamictal lantus lasix levaquin levemir lexapro lipitor lithium lopressor lovenox
lyrica maxalt medrol metformin motrin mounjaro mucinex narcan neurontin nexium norco norvasc novolog nurtec nyquil opdivo
otezla oxycontin ozempic paxil paxlovid pepcid pepto percocet plavix pradaxa praluent prednisone premarin prevacid prilosec
proair prolia proscar protonix prozac qvar remicade repatha revlimid rinvoq risperdal ritalin robitussin seroquel singulair
skyrizi spiriva stelara suboxone sudafed symbicort synthroid tamiflu tenormin topamax toprol tresiba tricor trulicity truvada
tums tylenol ubrelvy valium valtrex ventolin viagra vicodin victoza vyvanse wegovy wellbutrin xanax xarelto xeljanz xolair
zantac zetia zithromax zocor zoloft zyprexa zyrtec
""")
