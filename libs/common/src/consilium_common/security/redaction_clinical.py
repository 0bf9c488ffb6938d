"""Clinical words that look like names and must survive: eponyms, what they stand before, acronyms, publishers of guidelines."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What follows an eponym: "Wells score", "Marfan syndrome", "Thomas test". A capitalised word before one of these is no person.
CLINICAL_NOUNS = _set("""
syndrome disease disorder sign signs reflex score scores scale index criteria criterion test tests testing rule rules triad tetrad
palsy paralysis phenomenon phenomena node nodes bodies body cell cells tumor tumour sarcoma lymphoma esophagus oesophagus fracture
fractures contracture deformity dystrophy dysplasia anemia anaemia thyroiditis goiter goitre ulcer ulcers hernia hernias maneuver
manoeuvre procedure operation repair position method classification grade grading stage staging staged stages class level levels
protocol protocols guideline guidelines recommendation recommendations consensus trial study studies equation formula nomogram
chorea ataxia neuropathy encephalopathy nephropathy arteritis vasculitis granulomatosis esophagitis gastritis colitis arthritis
stain stool culture catheter tube drain line stent shunt valve graft flap suture clip approach technique score's risk survey
questionnaire inventory interview checklist assessment measure curve murmur breathing respiration respirations pulse rings spots
nodules lines crisis coma aphasia area stroke gland glands duct canal foramen ligament tendon muscle fascia space pouch point angle
ring arch membrane corpuscle fibers fibres tract circle thyroid tick ticks virus fever rash diet exercise exercises regimen vaccine
vaccines therapy antibody antibodies antigen hormone factor agent insulin solution ringer's enema block anesthesia epilepsy
psychosis dementia parkinsonism migraine headache pill pump implant bladder chromosome mutation gene positive negative lesion lesions
lymphadenopathy hepatitis encephalitis meningitis pneumonia colic melanoma carcinoma cancer adenoma cyst goitre thyrotoxicosis
metaplasia mass phase type types pattern waves wave interval block segment cardiomyopathy aneurysm malformation nevus lentigo
""")

# People and places in the names of diseases, signs, scores and operations. In a possessive or not, alone or before a clinical noun.
EPONYMS = _set("""
abadie achilles adamkiewicz adams addison adson albright alport alzheimer angelman ankylosing apert apgar apley argyll armanni arnold
arthus asherman asperger aschoff babinski bainbridge baker balint ballance bankart barlow barre barrett bartholin bartter basedow
bazett beau beck becker behcet behçet bell bennett berger bernard bernoulli bezold billroth binet bishop bitot blalock bloom blount
blumberg bochdalek boerhaave boston bouchard bowen bowman bradford breslow bright broca brodie brown-sequard brown-séquard brudzinski
brugada budd burkitt calot caplan carpenter castleman chagas chaddock charcot chiari chvostek claude cobb cockcroft codman colles
conn conners cooley coombs coombs cooper courvoisier couvade cowden crigler creutzfeldt crohn cullen cushing dandy darier deaver
degos dejerine denver dercum devic diamond dix down dressler dubin duchenne dukes dupuytren durkan duroziez ebstein edinburgh edwards
ehlers eisenmenger electra epley epstein erb ewing fabry fallot fanconi fallopian finkelstein fitz fitzpatrick foley forrestier
fournier framingham frank fredrickson friedreich froment frohlich gaenslen galeazzi gardner garrod gaucher gault gehrig gerstmann
gertsmann gilbert gilles gitelman glasgow gleason goodpasture gordon gottron gowers gram graves grawitz grey griesinger guillain
guyon haglund halsted hamilton hand hansen harrington harris hartmann hashimoto hawkins hawthorne hays heberden heimlich heinz
helicobacter henoch hill hirschsprung hodgkin hodgkins hoffa hoffman hoffmann homans hoover horner horton howell hunt huntington
hurler hutchinson ishihara jacksonian jakob janeway jarisch jendrassik jervell jobe jones kallmann kaposi kartagener karnofsky
kawasaki kayser kehr kennedy kernig kernohan killip kimmelstiel klinefelter klumpke kocher koebner koplik korsakoff krukenberg
kussmaul lachman laennec lambert landry lange langerhans larsen lasegue laurence leber legg leigh lennox leopold leriche lesch levine
lewy lhermitte libman lisfranc lister little loeffler löffler lou louis ludwig lund lyme lynch maisonneuve mallory mallampati
mantoux marburg marcus marfan marie maslow mayer mcardle mcburney mcmurray meckel meigs mendel menetrier ménétrier meniere ménière
merkel mikulicz milwaukee mirizzi mobitz moebius mondor monro montgomery morton mulder munchausen murphy nelson newcastle niemann
nikolsky noonan norwalk norwood nissen ober obers ogilvie olliver ombredanne ondine ortolani osgood osler osserman ottawa paget
pancoast papanicolaou papp parinaud parkes parkinson parkinsonian patau patrick pautrier pavlov pemberton perthes peutz peyer
peyronie phalen phelps philadelphia pick pickwickian pierre plummer poland pompe pott pott's prader prinzmetal purkinje purtscher
queckenstedt quincke ramsay ranson rapoport rasmussen raynaud reed reinke reiter rendu rett reye richter riedel riley rinne ritter
romberg rorschach rosenthal roth rotor roux rovsing rovsing's rubin sabin salk salter schatzki scheuermann schilling schirmer schlatter
schober schonlein schönlein schultze schwann schwartz seldinger sengstaken sever sezary sézary sheehan shigella sick simmonds simon
sipple sjogren sjögren skene snellen speed spurling stanford steinberg stein sternberg stevens still stokes strumpell sturge sudeck
swan sweet swyer sydenham takayasu takotsubo tanner tay sachs teeley thomas thompson thomsen tietze tinel todd tourette tower
trendelenburg treacher trousseau turcot turner tzanck valsalva verneuil virchow volkmann von waardenburg wada waldenstrom
waldenström wallenberg warthin waterhouse weber wegener weil wells wenckebach werdnig werner wernicke west whipple wickham widal
williams willebrand wilms wilson winter winters wiskott wolff wolfram parkinson-white yergason zenker ziehl zollinger ellison
child-pugh child pugh dix-hallpike hallpike stevens-johnson epstein-barr guillain-barre guillain-barré charcot-marie-tooth henoch-schönlein
creutzfeldt-jakob ehlers-danlos danlos wolff-parkinson-white kaplan-meier kaplan meier cockcroft-gault hardy-weinberg legg-calvé-perthes
osgood-schlatter budd-chiari arnold-chiari peutz-jeghers jeghers prader-willi willi brown-sequard zollinger-ellison lennox-gastaut gastaut
mallory-weiss weiss sturge-weber tay-sachs jarvik salter-harris garden neer weber schatzker gustilo mason frykman denis tile young
ann-arbor child-turcotte-pugh turcotte michigan bristol braden waterlow norton morse barthel katz rankin lawton tinetti berg beck zung
mini-cog montreal addenbrooke hads beers stopp zika ebola coxsackie west-nile nile norwalk hendra nipah pontiac legionnaires legionella
escherichia staphylococcus streptococcus pseudomonas clostridium clostridioides salmonella candida aspergillus borrelia klebsiella
neisseria haemophilus mycobacterium mycoplasma chlamydia treponema toxoplasma plasmodium listeria brucella bordetella campylobacter
cryptococcus histoplasma pneumocystis giardia entamoeba schistosoma leishmania trypanosoma enterococcus proteus serratia bartonella
rickettsia vibrio yersinia acinetobacter enterobacter moraxella
""")

# Short forms that stand in capitals and are no hospital, no state and no initials.
ACRONYMS = _set("""
a1c aaa aafp aan aap aaos aasld abg abi acc accp ace acei acg acl aclS acls acog acp acr acs acth ad ada adhd adl adls aed aes af afib
aha ahi aids aki aks alp als alt ama ami ana anca ank ao aom aptt ara arb arbs ards arf arni as asa asam ascvd asco asd ast ats av avr
bav bbb bid bipap bls bmd bmi bmp bnf bnp bp bpd bph bpm brca bun ca cabg cad cap car-t cbc cbt cdc cf chd chf chads ci ck ckd cll cmp
cml cmv cns copd covid cpap cpk cpr crp crps crt cs csf ct cta ctp cva cvd cxr dapt dash dbp dbs dcm dexa dic dip dka dm dmard dmards
dnr do doac doacs dob dpp dre dsm dvt dx eacts ebv ecg ecmo ed ef egd egfr ekg elisa emg emr er ercp esbl esc esr esrd etoh fda fev1 ffp
fh fna fsgs ftt fu fvc gad gbs gcs gerd gfr gi gina glp gold gp gu gvhd hba1c hbv hcc hcm hct hcv hdl heart hellp hf hfpef hfref hit
hiv hla hocm hpi hpv hr hrt hsv htn hus hx ibd ibs icd icp icu id idsa iga igg ige ild im inh inr io ip ipf ir it itp iud iv ivc ivf ivig
jak jia jnc kdigo kub lad lama laba lbbb ldh ldl lft lfts lmp lmwh lv lvad lvef lvh ma maoi map mca md men mers mgus mi mic mmr mmse
moca mpn mr mrcp mri mrn mrsa ms mss mtx mva mvr na nafld nash ncbi nccn neb nhs nice nicu nih nk no noac noacs none nph nsaid nsaids nsclc
nstemi nyha oa ob obgyn ocd ocp od osa ot otc pa pacs pah pcos pcp pcr pci pd pda pe pef peg pet pfo pft pfts phq pid po pop pos post
ppd ppi ppis pr prn prp psa psg psgn psp psych pt pth ptsd ptt pud pvc pvd pvcs qd qid qol qt qtc ra ras rbbb rbc rca rcc rct rf rhd ria ros
rom rsv rt rvr rx sad saba sah sars sbp scd sci scc sclc sd se ses sglt2 siadh sids sjs sle snri soap sob spect ss ssri ssris sss stat std
stds stemi sti stis svt ta tavi tavr tb tbi tca tee ten tg tha tia tias tid tips tka tmj tnf tnm tpa tpn ts tsh tte ttp turp tx uc ui
uri us uspstf uti utis uv va vats vf vitamin vpa vsd vt vte vwf vzv wbc who wnl wpw xr zip ii iii iv vi vii viii ix xi xii iia iib iiia
iiib iiic t1dm t2dm t1d t2d maze ibw crt-d pcsk9 her2 braf egfr kras alk pd-1 pd-l1 car ctdna bv cva ssn dr pe ho nka nkda ivdu iop
asas eular acvim aasm aua asrm ats/idsa escmid easl easd efns ean eau esmo espen ers figo isth rcog rcp sign bsg bsr bts bad diabetes
wisc mmpi isi ess epds cage audit dast meld maddrey bode perc timi grace chads2 cha2ds2 has-bled sofa qsofa apache news news2 mews
abcd2 nihss das28 basdai haq womac koos sf-36 eq-5d acq act cat mmrc ccq curb curb-65 psi smart-cop
""")

# Words that begin with a capital in the middle of a sentence without being a name.
PLAIN = _set("""
african american african-american hispanic caucasian asian latino latina latinx black white european indian chinese japanese korean
vietnamese filipino arab jewish ashkenazi sephardic muslim christian hindu buddhist catholic mexican native indigenous aboriginal
caribbean british english french german italian spanish russian polish irish scottish welsh dutch greek turkish swedish norwegian
danish finnish portuguese brazilian western eastern northern southern mediterranean i i'm i've i'd i'll monday tuesday wednesday
thursday friday saturday sunday january february march april may june july august september october november december jan feb mar apr
jun jul aug sep sept oct nov dec christmas easter thanksgiving ramadan internet google english medicare medicaid medline pubmed uptodate
cochrane lancet nejm jama bmj nature stage grade type class group phase level score plan step part section table figure chapter day
week month year room unit ward bed floor question answer patient doctor nurse hospital clinic male female man woman the a an and or
but of in on at to for with from by as is are was were has have had do does did can could should would will may might must what when
where who why how which this that these those my your his her its our their please thanks thank hello hi dear if then than so yes no not
any all best latest current new recent management treatment guidelines recommendations recommended updated advice options optimal
appropriate safe effective effects side risks risk benefits protocol standard initial follow-up follow use using should dose dosing
mom dad mum mother father sister brother wife husband son daughter baby sir madam
""")

# Drug brands that are often written with a capital and that no list of generic names holds.
BRANDS = _set("""
tylenol advil motrin aleve aspirin excedrin benadryl claritin zyrtec allegra sudafed mucinex robitussin nyquil pepto tums zantac pepcid
prilosec nexium prevacid protonix lipitor crestor zocor plavix eliquis xarelto coumadin pradaxa brilinta entresto lasix bumex norvasc
diovan cozaar toprol lopressor coreg tenormin humira enbrel remicade stelara cosentyx otezla xeljanz rinvoq skyrizi dupixent keytruda
opdivo herceptin avastin gleevec ibrance revlimid ozempic wegovy mounjaro trulicity victoza jardiance farxiga invokana januvia lantus
humalog novolog tresiba levemir metformin synthroid prednisone medrol ventolin proair advair symbicort spiriva breo singulair prozac
zoloft lexapro celexa paxil effexor cymbalta wellbutrin abilify seroquel zyprexa risperdal lithium lamictal depakote keppra dilantin
neurontin lyrica topamax ambien xanax ativan klonopin valium adderall ritalin vyvanse concerta percocet vicodin oxycontin norco
suboxone narcan botox viagra cialis flomax proscar premarin paxlovid tamiflu zithromax augmentin amoxil keflex cipro levaquin bactrim
flagyl diflucan valtrex truvada biktarvy descovy harvoni epclusa prolia fosamax boniva actonel imitrex maxalt aimovig emgality
nurtec ubrelvy xolair epipen qvar flovent lovenox heparin repatha praluent zetia tricor
""")
