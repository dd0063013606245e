"""The commonest words of languages that patients write in and the articles may not: data.

They are in lower case and without marks, as `core.text.language.folded` returns them: function
words, and the words of symptoms. Words that English has too may be in here; they say nothing alone.
"""

from __future__ import annotations

_GERMAN = """
ich mich dich sich wir mein meine meinem meinen meiner dein deine seine ihre und oder nicht kein
keine keinen habe haben hatte sind wird werden kann konnen muss soll sollte was wie warum wann wenn
seit mit von auf fur nach beim zum zur uber auch noch sehr viel ein eine einen einem einer das dem
ist bin dass wegen ohne gegen hilft helfen bekomme bekommt kriege tut weh schmerz schmerzen schmerzt
atmen luft brust brustkorb kopf rucken nacken bauch bein beine fuss fusse knie schulter taub gelahmt
geschwollen blut blutet fieber schwindel schwindelig ubelkeit ubel erbrechen gestern heute plotzlich
notaufnahme krankenwagen arzt kostet kosten termin behandlung schwanger krankenhaus sterben
umbringen die der den des es er sie in zu am an wo so dir mir uns ihm ihr hat nur aus vom fuer
koennen ruecken uebel arm hand hals nase auge ohr hilfe kopfschmerzen schmerzmittel muskel kribbeln
brustschmerzen ruckenschmerzen bauchschmerzen nackenschmerzen atemnot praxis teuer krank schlecht
schlimm hexenschuss bandscheibenvorfall bandscheibe parken tun passiert
"""
_FRENCH = """
je j'ai jai suis c'est cest n'ai n'arrive qu'est est-ce nous vous moi mon notre votre une avec sans
dans depuis pour sur chez mais tres trop peux peut puis dois faut avoir etre fait faire quoi quand
comment pourquoi combien quel quelle quels cette mes ses leur rien plus jamais hier aujourd'hui
douleur douleurs mal douloureux souffre respirer respire souffle poitrine tete dos ventre jambe
jambes bras pied pieds cou nuque genou epaule coeur visage bouche gonfle gonflee enfle saigne sang
fievre vertige vertiges nausee vomir vomis engourdi engourdie paralyse paralysee malaise coute prix
seance rendez-vous medecin enceinte soigner mourir suicider l'epaule d'une l'acupuncture la le les
un des du de et ou est es en au aux ce se sa son ne pas que qui contre aide on il elle ils me te ma
tu y a si car tout sciatique grossesse essouffle etourdi cote gauche droite bebe saignement j'arrive
torticolis lumbalgie hernie discale grave malade avez cabinet parking entorse
"""
_SPANISH = """
yo el los las una unos mis tu su sus es esta estoy estan tengo tiene tienen puedo puede pueden debo
hay soy muy mucho mucha pero porque cuando donde como cual cuanto cuanta cuesta que desde ayer hoy
con sin para por del hace hacer quiero quisiera siento siente sentir duele duelen dolor dolores
respirar pecho cabeza espalda barriga estomago pierna piernas brazo brazos pie pies cuello rodilla
hombro corazon cara boca hinchado hinchada hinchazon sangre sangra sangrado fiebre mareo mareado
mareada nauseas vomito vomitos dormido dormida entumecido adormecido desmayo hablar caminar orinar
cita medico embarazada tratamiento morir matarme hijo hija esposo la de un no y o a en al me mi te
lo le se si ser ese mal izquierdo izquierda bebe ayuda ejercicio ejercicios embarazo ciatica hernia
discal lumbar grave esguince parte
"""
_ITALIAN = """
io sto il lo gli una mio mia miei suo sua sono sei siamo ho hai abbiamo hanno non che chi come cosa
quanto quanta quando perche dove con per della dello delle dei degli nel nella alla allo dopo da
ieri oggi molto anche posso puo devo riesco riesce sento fa fanno male dolore dolori respirare
respiro petto testa schiena pancia stomaco gamba gambe braccio braccia piede piedi collo ginocchio
spalla cuore viso bocca gonfio gonfia gonfie sangue sanguina febbre vertigini capogiri nausea vomito
intorpidito formicolio svenuto parlare camminare costa seduta trattamento appuntamento medico
incinta marito moglie morire la le un di a al in e ed o ma mi si ti ci ne su sul sulla del dal mal
sinistra sinistro bambino aiuto esercizi sciatica ernia discale grave cervicale lombare
"""
_PORTUGUESE = """
eu nao uma uns meu minha meus minhas seu sua sao esta estou estao tenho tem posso pode consigo
consegue devo com sem para por pelo pela dos das nos nas no na mas muito muita quando onde como qual
quais quanto quanta custa desde ontem hoje faz fazer quero sinto sente doi doendo dor dores respirar
peito cabeca costas barriga estomago perna pernas braco bracos pe pescoco joelho ombro coracao rosto
boca inchado inchada inchaco sangue sangrando sangramento febre tontura tonto tonta enjoo vomito
dormente formigamento desmaio falar andar consulta sessao tratamento gravida marido morrer exercicio
exercicios a o e as os um de do da em se me que ao ou mal bebe ajuda esquerdo esquerda ciatica
hernia grave entorse
"""
_DUTCH = """
ik mij mijn jij jouw zijn haar wij hij zij niet geen heb heeft hebben kan kunnen moet mag wat waar
wanneer waarom hoe hoeveel een het de en met voor naar van sinds tegen bij ook maar nog erg veel
gisteren vandaag meer zonder pijn pijnlijk doet zeer ademen adem borst hoofd hoofdpijn rug nek buik
buikpijn been benen voet voeten schouder gezicht mond gezwollen opgezwollen dik bloed bloedt koorts
duizelig misselijk overgeven gevoelloos verlamd flauwgevallen praten lopen plassen kost kosten
behandeling afspraak dokter huisarts zwanger ziekenhuis doodgaan moeder vader in is aan uit te dan
dit dat die er of als je u we linker rechter hartaanval arm hulp kind ben ziek ziekte help waarvoor
hernia
"""
_POLISH = """
ja mnie mi moj moja moje mojego mojej sie nie jest sa mam ma mamy moge moze musze czy co jak gdzie
kiedy dlaczego ile od przez przed dla bez po za na ze ale tez bardzo duzo wczoraj dzisiaj dzis
jestem boli bola bol bolu bole oddychac oddech klatce klatka piersiowej piersiowa glowa glowy plecy
plecach kregoslup kregoslupa brzuch brzucha noga noge nogi nog reka reke rece stopa szyja kolano
kolana bark serce twarz usta spuchnieta spuchniety opuchnieta krew krwawi krwawienie goraczka
goraczke zawroty nudnosci wymioty wymiotuje dretwieje dretwa dretwienie zemdlal mowic chodzic czuje
kosztuje wizyta wizyte zabieg zabiegu leczenie lekarz ciazy ciaza maz zona umrzec w z i a o do to ta
ten tak u pod mu go lewa lewej prawa dziecko pomoc mieszkam chory zle rwa kulszowa
"""
_ROMANIAN = """
eu imi ma mi mea meu mele lui ei este sunt am ai are avem nu pot poate trebuie si sau ca cand unde
cum cat cate care dupa pentru fara de la pe cu din un o ieri azi acum foarte mult doare dor durere
dureri durerea respir respira respirat respiratie piept pieptul capul spate spatele burta piciorul
picior picioare picioarele brat bratul mana gat genunchi genunchiul umar umarul inima fata gura
umflat umflata sange sangereaza febra ameteli ametit ametesc greata vars vomit amortit amorteala
lesinat vorbi vorbeste merge costa sedinta sedinte tratament programare medic insarcinata sotul
sotia simt muri se te in a al ale copil stanga stangul dreapta ajutor rau mal tare
"""
_TURKISH = """
ben bana beni benim sen bir bu su ve ile icin ama degil yok var mi mu ne nasil neden nerede kac
kadar cok dun bugun beri sonra once gibi agri agrim agrisi agriyor agrilar aci acim aciyor sanci
nefes nefesim alamiyorum gogus gogsum gogsumde bas basim sirt sirtim sirtimda bel belim karin karnim
bacak bacagim bacagimda bacaklarim kol kolum ayak ayagim boyun boynum diz dizim omuz omzum kalp
kalbim yuzum agzim sisti sislik sismis kan kanama kaniyor ates atesim donmesi donuyor mide midem
bulaniyor bulantisi kustum uyusma uyusuyor uyusuk felc bayildi konusamiyor yuruyemiyorum
hissetmiyorum ucret ucreti seans tedavi tedavisi randevu doktor hamile hamileyim olmek istiyorum
annem babam esim o de da ki sol sag cocuk cocugum yardim oluyor yapmaliyim para hastayim fitik
"""
_SCANDINAVIAN = """
jag mig min mitt mina jeg meg mine och og inte ikke inga ingen ar er har hade kan kunne far faar
maste skal ska vad hvad hva hur hvordan hvor varfor hvorfor nar naar en ett et det att at med utan
uden uten for fra fran sedan siden sen igar igaar gar mycket meget mye veldig ocksa ogsa ont ondt
vondt smarta smartor smerte smerter vark andas puste puster vejret brost brostet bryst brystet huvud
huvudet hoved hode hodet rygg ryggen ryg mage magen mave maven ben benet bena arm foten foden nacken
nakken kna knaet axel skulder skulderen hjarta hjarte hjerte ansikte ansigt ansikt munn svullen
svullet svullna haevet hoven hovent blod bloder bloeder feber yr svimmel kvalme illamaende kraks
kaste kaster domnad domnar lam lammet folelseslos tala tale snakke ga gaa kostar koster behandling
behandlingen tid legen laege lege lakare gravid hjalper hjelper mamma i av af til till om pa du vi
han hon hun hans den som vil barn hjalp hjelp hjaelp mar daligt syk syg sjuk
"""
_CZECH = """
ja me mi muj moje moji mam mas ma jsem jste je jsou neni nemam nemuzu nemohu muzu muze musim co jak
kde kdy proc kolik se si na pro bez od po pred ale taky velmi moc vcera dnes uz boli bolest bolesti
bolela dychat dech hrud hrudi hrudniku hlava hlavy hlavu zada zadech bricho noha nohu nohy ruka ruku
krk koleno kolena rameno srdce oblicej usta oteklou otekla otekly oteklo krev krvaci horecka horecku
zavrate zavrat motam zvracim zvraceni brni brneni necitim ochrnuty omdlel mluvit chodit mocit stoji
cena osetreni lecba lekar doktor tehotna tehotenstvi manzel umrit v z i a o to ta ten dite pomoc lev
leva prava
"""
_HUNGARIAN = """
en engem nekem az egy es nem nincs van vagyok vagy hogy hogyan mi mit miert mikor hol mennyi
mennyibe mert de is nagyon tegnap ota ma utan elott kell tudok tud kapok faj fajdalom fajdalmam
fajdalmas levegot levego mellkas mellkasi mellkasom fej fejem fejfajas hat hatam hatfajas has hasam
lab labam labamat labaim kar karom nyak nyakam terd terdem vall vallam sziv szivem arc arca szaj
duzzadt dagadt ver verzik verzes laz lazas lazam szedul szedulok szedules hanyok hanyinger hanyas
zsibbad zsibbadas benult elajult beszelni jarni erzem kerul kezeles kezelesek idopont orvos terhes
ferjem segit segitseg a ez bal jobb gyerek gyermek fiam rosszul beteg
"""
_ALBANIAN = """
une mua me mi im ime nuk s'kam jam eshte jane kam ka kemi mund duhet cfare si ku kur pse sa per pa
prej nga dhe ose qe ne te shume dje sot tani dhemb dhembin dhimbje dhimbja marr fryme frymemarrje
gjoks gjoksi gjoksin koka koke koken shpina shpine shpinen barku bark kembe kemba kemben kembet krah
krahu qafa gju gjuri shpatulla zemra fytyra goja enjtur enjtet gjak gjakderdhje temperature ethe
marramendje vjella vjell mpire mpirje alivanosur flas flet ec kushton seance seanca trajtim trajtimi
mjek mjeku shtatzene burri vdes i e nje kjo majte djathte femija ndihme
"""
_LITHUANIAN = """
as man mane mano tau ir ar ne nera yra esu turiu turi galiu gali negaliu negali reikia kas kaip kur
kada kodel kiek su be nuo po per uz bet labai daug vakar siandien dabar skauda skausmas skausmai
skausma skausmo kvepuoti kvepavimas krutine krutines krutineje galva galvos nugara nugaros pilva
pilvas koja kojos koju kojas ranka ranku rankos kaklas kakla kelis keli petys peti sirdis sirdi
veidas burna patino sutino istinusi tinsta kraujas kraujuoja karsciuoju karsciavimas temperatura
svaigsta pykina vemiu vemia tirpsta nutirpo nejauciu nualpo kalbeti vaikscioti kainuoja vizitas
gydymas gydytojas nescia vyras mirti
"""
_WELSH = """
fi dwi dw i'n rwy rydw rwyf mae mae'n oes gen fy ei eich fod yw ydy ydi wedi yn y yr ac neu ddim dim
methu gallu galla allaf beth pam pryd ble sut faint ers ddoe heddiw heb gyda ar i o am iawn poen
boen phoen poenau dolur brifo brest frest anadlu anadl pen mhen cefn nghefn stumog bol coes nghoes
coesau braich mraich troed nhroed gwddf ngwddf penglin pen-glin ysgwydd calon nghalon wyneb ceg
chwyddo chwyddedig gwaed gwaedu twymyn pendro benysgafn cyfog chwydu fferru cwympo siarad cerdded
teimlo costio costau triniaeth apwyntiad meddyg feddyg beichiog gwr marw a e fe i'r yng plentyn help
hefyd
"""
_SOMALI = """
waxaan waxa waxaa ayaa baa aan anigu aniga ma iyo oo ama laakiin maxaa maxay sidee goorma xaggee waa
imisa immisa inta ilaa shalay maanta aad badan la'aan kara karo karin xanuun xanuunka xanuunaya
xanuunayaa neefta neefsan neefsashada neefsi laabta laab madaxa madax dhabarka dhabar caloosha
calool lugta lugtayda lugaha gacanta gacantayda qoorta jilibka jilib garabka wadnaha wejiga afka
barar barartay bararsan dhiig dhiigbax qandho xummad dawakh wareer matag lallabbo kabuubyo suuxay
hadli socon dareemayo qiimaha lacag daaweyn daawo dhakhtar uur ninkayga dhimanayaa caawi
"""
_HINDI_URDU = """
mujhe mujhko mera meri mere hum hamara uska uski unka aap apka apki hai hain hoon hun tha thi ho
raha rahi rahe nahi nahin nai kya kyun kyu kaise kab kahan kitna kitne kitni kaun aur ya lekin par
pe se ko ka ki ke mein mai main bahut bohot bohat zyada kal aaj abhi gaya gayi sakta sakti sakte
karna karne karu karun lagta lagti dard takleef saans sans chhati chati seene seena sar sir kamar
peeth pet tang taang pair paon haath hath gardan ghutna ghutne kandha dil chehra mooh munh sujan
soojan sooj khoon khun bukhar chakkar ulti jee behosh sunn bolna chalna peshab paisa paise kharcha
ilaj doctor hamila pregnant pati biwi marna madad
"""
_PUNJABI = """
mainu menu mera meri mere sanu tuhada ohnu hai han hunda hundi haan nahi nai ki kiven kithe kado
kinna kinne te da di de vich vicho nal ton bahut bohat kal ajj hun karan karda kardi gaya gayi aunda
aundi janda dard peed peerh saah chhati chati sir pith lakk dhidh latt latta pair hath baanh gardan
goda gode modha dil mooh sojj suj khoon bukhar chakkar ultian sunn bolya turya paise ilaaj
"""
_BENGALI = """
ami amar amake amader tumi apni apnar tar ki keno kemon kobe kothay koto kototuku ebong ar kintu
theke jonno sathe moddhe khub onek gotokal aaj ekhon hoyeche hoye hocche geche korche korte korbo
parchi parina pari nei nai achhe ache betha byatha batha nishash shash buk buke matha mathay pith
komor komore pet pete pa paye haat hat ghar gola hatu kadh mukh fule phule rokto jor ghure ghurche
bomi obosh oggan kotha bolte hatte taka lagbe khoroch chikitsa daktar swami
"""
_ARABIC = """
ana 3andi andi 3ndi indi 3andy fi fil fee min ila 3ala ala ma mish mush mesh mo la laysa wa aw bas
lakin kam kaif kayf keef kif leish leh laish aysh shu shou wein wain fein mata matta li lil inta
hatha hada hadha kteer katir jiddan jidan ktir ams ilbare7 embare7 alyawm elyoum alam alami waja3
waja waga3 wag3 yoja3ni yooja3ni bewga3ni btoja3ni biyoja3ni atnaffas atnafas etnafas nafas sadri
sadr sidri ras rasi raasi dahri dahr dhahri zahri batni batn rijli rijl regli riglee yadi idi
raqabti rukbati kitfi albi qalbi wajhi tammi mutawarrim mutawarrima warma wiram dam nazif harara
sukhuna dawkha doukha daw5a ghathayan istifragh tanmil khadar jalsa si3r se3r bikam 3ilaj doktor
duktor hamil zawji musa3ada sa3idni sa3eduni aqdar agdar a2dar
"""
_TAGALOG = """
ako ko akong aking akin ang ng mga sa kay ni si siya kami kayo ikaw ito iyan hindi di wala walang
may meron mayroon po opo ba na nang at pero dahil kung bakit paano kailan saan ano magkano gaano
mula kahapon ngayon kanina sobra masyado lang din rin masakit sumasakit sakit kirot makirot
makahinga huminga hinga hininga nahihirapan dibdib ulo likod tiyan binti paa braso kamay leeg tuhod
balikat puso mukha bibig namamaga maga pamamaga dugo dumudugo nagdurugo lagnat nahihilo hilo
nasusuka nagsusuka suka namamanhid manhid nahimatay makapagsalita makalakad bayad presyo gamot
doktor buntis asawa tulong
"""
_VIETNAMESE = """
toi minh em anh chi cua bi va hay khong co the duoc la gi nao sao tai khi dau bao nhieu tien gia mot
tu den cho voi rat qua hom nay ngay phai nen lam nhuc te tho kho nguc lung bung chan tay goi vai tim
mat mieng sung do nong mau chay sot chong buon non oi ngat noi di lai chua kham bac si benh vien
mang thai vo thuoc
"""
# Names, abbreviations and usual slips of English, which say as little as short words do.
SHARED = """
abhi adem alam amar axel ayak bana bebe blod bloder bloed bola borst brost brust bryst cand daktar
doet dokter doktor dormido duktor elle fara febbre feber febre fein frest gali hade hamil hatu hija
hode hoved idi indi inte kalp kamar karan karna karu kell knie koka kosten lai lakin lopen maga mana
mane mano marna maste matta medico mera mish mult mund muri muskel nafas nahin nausea nauseas nausee
nera pari parlare pela peti prava raha sanu seena simt skulder smarta tani temperatura termin testa
tien tonta trop ulti umar vertige vomis vomito wann yadi zona
"""
LANGUAGES = {
    "ar": _ARABIC,
    "bn": _BENGALI,
    "cs": _CZECH,
    "cy": _WELSH,
    "de": _GERMAN,
    "es": _SPANISH,
    "fr": _FRENCH,
    "hi": _HINDI_URDU,
    "hu": _HUNGARIAN,
    "it": _ITALIAN,
    "lt": _LITHUANIAN,
    "nl": _DUTCH,
    "pa": _PUNJABI,
    "pl": _POLISH,
    "pt": _PORTUGUESE,
    "ro": _ROMANIAN,
    "so": _SOMALI,
    "sq": _ALBANIAN,
    "sv": _SCANDINAVIAN,
    "tl": _TAGALOG,
    "tr": _TURKISH,
    "vi": _VIETNAMESE,
}
"""The words of each language, of Arabic and the languages of India in Latin letters."""
