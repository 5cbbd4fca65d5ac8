"""Forenames and surnames of the British Isles and the Caribbean, commonest first.

Written from general knowledge of published birth and electoral counts; the order is approximate and the weights are a
Zipf-like curve laid over it (see ``names.py``), not counts. Cohorts are named by the first birth year they serve.
"""

BRITISH_BOYS: dict[int, str] = {
    1900: """John William George James Ronald Kenneth Robert Thomas Frederick Dennis Peter Albert Arthur Charles Eric
    Raymond Leonard Stanley Harold Douglas Norman Gordon Derek Frank Ernest Walter Alan Edward Roy Joseph Sidney Alfred
    Reginald Herbert Brian Donald Jack Harry Leslie Cyril Bernard Geoffrey Victor Gerald Maurice Philip Clifford Percy""",
    1945: """David John Peter Michael Alan Robert Stephen Paul Brian Graham Philip Anthony Colin Christopher Geoffrey
    William James Keith Terence Barry Malcolm Richard Ian Derek Roger Raymond Kenneth Andrew Trevor Martin Kevin Nigel
    Roy Thomas George Ronald Dennis Neil Clive Stuart Douglas Charles Patrick Edward Gary Leslie Nicholas Norman Steven""",
    1965: """Paul David Andrew Stephen Mark Michael Ian Gary Robert Richard Peter John Anthony Christopher Darren Kevin
    Martin Simon Philip Graham Colin Adrian Nigel Alan Neil Shaun Jonathan Nicholas Stuart Timothy Wayne Brian James
    Steven Carl Jason Lee Dean Craig Karl Matthew Daniel Russell Barry Sean Trevor Keith Julian Duncan Gareth Glen""",
    1980: """Christopher James David Daniel Michael Matthew Andrew Richard Paul Mark Thomas Adam Robert John Lee Benjamin
    Steven Jonathan Craig Stephen Simon Nicholas Peter Anthony Alexander Gary Ian Ryan Darren Barry Jamie Stuart Martin
    Kevin Philip Joseph William Samuel Ashley Luke Carl Dean Gareth Kieran Scott Wayne Karl Nathan Liam Aaron Neil Kyle
    Shane Jason Damien Russell Ross Leon Jordan Stewart Graham Timothy Edward George Oliver Dale Marcus Robin Shaun""",
    1995: """Jack Thomas James Daniel Joshua Matthew Ryan Joseph Luke Samuel Jordan Adam Connor Alexander Benjamin Callum
    Liam William Jake Nathan George Lewis Harry Michael Kieran Oliver Bradley Jamie Aaron Ben Christopher Charlie Kyle
    David Robert Reece Andrew Edward Elliot Ashley Joe Sam Dominic Rhys Brandon Max Cameron Owen Jonathan Tyler Alex
    Mark Dylan Scott Sean Toby Louis Henry Declan Ellis Corey Jay Mason Shane Curtis Kane Leon Zachary Patrick Josh
    Peter Morgan Tom Mitchell Marcus Marc Stephen Craig Paul Billy Dale Damon Spencer Stuart Lee Kai Harvey Joel""",
    2003: """Jack Joshua Thomas James Daniel Oliver William Samuel Benjamin Joseph Harry Luke Ethan Lewis Charlie George
    Callum Alexander Matthew Ryan Jake Dylan Jacob Connor Max Harvey Adam Liam Jamie Nathan Tyler Cameron Owen Alfie Riley
    Logan Noah Archie Kai Leo Toby Ben Alex Bradley Finley Kieran Harrison Michael Aaron Henry Rhys Mason Isaac Edward
    Charles Louis Brandon Oscar David Zachary Joel Aidan Jayden Robert Christopher Sebastian Freddie Ellis Reece Kyle
    Corey Elliot Morgan Leon Theo Zak Joe Sam Billy Taylor Hayden Dominic Jay Bailey Declan Jude Patrick Ewan Spencer
    Marcus Evan Brad Frankie Kian Tom Robbie Ashton Blake Jordan Gabriel Stanley Caleb Austin Elijah Seth Josh Rory
    Lucas Preston Miles Tobias Zack Courtney Levi Damian Finn Rowan Xander Kane Kaden Lee Shay Ashley Kenzie""",
    2010: """Oliver Jack Harry Charlie Alfie Jacob Thomas Riley William James Joshua George Ethan Noah Samuel Daniel Oscar
    Max Leo Tyler Joseph Archie Henry Lucas Freddie Logan Jayden Benjamin Mason Isaac Lewis Dylan Alexander Harrison
    Jake Finley Harley Luke Zachary Toby Edward Adam Theo Louis Arthur Liam Bobby Callum Sebastian Jenson Matthew Connor
    Riley-James Jamie Kai Ryan Tommy Blake Nathan Harvey Reuben Ollie Michael Hugo Frankie Jude Owen Stanley Elijah
    Caleb Bailey Frederick Robert David Gabriel Ellis Jackson Aaron Sonny Rory Elliot Zac Teddy Kayden Rowan Kian Jaxon
    Theodore Albert Ronnie Louie Ralph Leon Taylor Austin Ted Dexter Robin Felix Carter Hunter Rhys Cameron Ashton
    Jenson-Lee Billy Alex Evan Jasper Roman Zak Brody Corey Finn Seth Eli Dominic Alfred Charles Hayden Reggie Tobias
    Jayden-Lee Kaiden Ewan Patrick Spencer Preston Rupert Cody Bradley Morgan Myles Nathaniel Levi Rocco Lenny Xavier
    Tyler-Jay Barney Vinnie Kenzie Jonah Ezra Rafferty Monty Joey Franklin Jesse Marley Maxwell Otis Bertie Ozzy""",
    2015: """Oliver George Harry Noah Jack Leo Arthur Jacob Charlie Oscar Henry Archie Thomas Freddie William Theodore
    Alfie James Joshua Logan Ethan Isaac Alexander Joseph Edward Samuel Max Daniel Lucas Arlo Mason Harrison Benjamin
    Theo Finley Harvey Sebastian Tommy Toby Reuben Teddy Jaxon Adam Roman Louie Ronnie Albie Jude Elijah Reggie Hugo
    Dylan Riley Luca Zachary Louis Bobby Frankie Albert Rory Hunter Carter Ezra Jenson Stanley Caleb Frederick Jackson
    Gabriel Ollie Michael Rowan Tyler Ralph Luke Elliot Elliott Jasper Grayson Sonny Felix Otis Matthew Liam Nathan
    Finn Kai Ryan Jayden Charles Blake Lewis Ellis David Ted Vinnie Austin Dexter Milo Connor Chester Leon Rupert
    Jesse Alfred Robin Brody Levi Myles Parker Jax Barney Bertie Cody Eli Nathaniel Rocco Monty Robert Xavier Lenny
    Cooper Ozzy Jamie Kit Rafe Ronan Ace Axel Buddy Cohen Digby Dougie Fox Huxley Jago Koa Lincoln Maverick Tobias""",
}

BRITISH_GIRLS: dict[int, str] = {
    1900: """Mary Margaret Joan Doris Dorothy Kathleen Irene Joyce Jean Betty Eileen Sheila Barbara Patricia Hilda Edith
    Florence Elsie Vera Gladys Winifred Ethel Phyllis Marjorie Audrey Doreen Lilian Beryl Muriel Brenda Freda Rose Iris
    Ivy Annie Alice Sylvia Olive Nora Evelyn June Hazel Maureen Rita Pamela Shirley Elizabeth Ellen Marion Ruby""",
    1945: """Susan Margaret Patricia Christine Linda Carol Jean Janet Barbara Ann Pauline Maureen Jacqueline Sandra
    Elizabeth Jennifer Judith Gillian Mary Sheila Valerie Brenda Julie Kathleen Carole Pamela Hilary Marilyn Marion
    Lesley Diane Janice Catherine Angela Jane Helen Anne Joan Shirley Irene Joyce Sylvia Rosemary Wendy Rita Hazel Gail""",
    1965: """Susan Julie Karen Jacqueline Deborah Tracey Jane Helen Diane Sharon Tracy Angela Sarah Alison Caroline Amanda
    Sandra Linda Catherine Elizabeth Carol Joanne Wendy Janet Dawn Christine Nicola Lisa Michelle Claire Samantha
    Lorraine Paula Maria Anne Gillian Louise Debra Beverley Lesley Kim Teresa Mandy Heather Jennifer Lynn Donna Anita""",
    1980: """Sarah Laura Gemma Emma Rebecca Claire Victoria Samantha Rachel Amy Jennifer Nicola Katie Lisa Kelly Natalie
    Louise Michelle Hayley Hannah Helen Charlotte Joanne Lucy Elizabeth Leanne Danielle Donna Katherine Clare Stephanie
    Stacey Lauren Jane Kerry Emily Catherine Sophie Anna Jessica Zoe Kirsty Kimberley Kate Jenna Caroline Natasha Rachael
    Amanda Kathryn Karen Alexandra Jodie Alison Sara Carly Heather Holly Ruth Fiona Melissa Angela Suzanne Katy Cheryl
    Marie Naomi Kelly-Marie Tanya Becky Lindsey Toni Tracey Maria Anne-Marie Hollie Lyndsey Debbie Dawn Abigail Sian""",
    1995: """Rebecca Jessica Lauren Charlotte Hannah Emily Sophie Chloe Amy Emma Samantha Bethany Katie Georgia Lucy Megan
    Laura Olivia Rachel Shannon Abigail Jade Danielle Natasha Eleanor Victoria Elizabeth Paige Alice Holly Jennifer
    Stephanie Molly Natalie Courtney Kirsty Sarah Melissa Zoe Chelsea Ellie Grace Jodie Hayley Leah Amelia Kayleigh Lydia
    Gemma Alexandra Abbie Louise Kelly Harriet Demi Caitlin Nicole Nicola Heather Isabel Naomi Toni Tia Katherine Anna
    Michelle Amber Claire Alex Hollie Rosie Kimberley Stacey Kate Robyn Francesca Ella Catherine Jasmine Yasmin Aimee
    Kerry Leanne Beth Jordan Gabrielle Tara Brooke Ruth Kate-Louise Sian Poppy Rhiannon Kelsey Sophia Helen Kiera""",
    2003: """Emily Ellie Jessica Sophie Chloe Lucy Olivia Charlotte Katie Megan Grace Hannah Amy Ella Mia Lily Abigail
    Emma Amelia Molly Lauren Millie Holly Leah Caitlin Rebecca Georgia Bethany Eleanor Isabelle Daisy Elizabeth Freya
    Isabella Erin Jasmine Evie Alice Paige Phoebe Abbie Madison Libby Amber Isabel Niamh Summer Rosie Anna Lola Sarah
    Maisie Scarlett Poppy Ruby Natasha Evelyn Zoe Courtney Imogen Maya Nicole Tia Brooke Jade Alexandra Lydia Harriet
    Francesca Matilda Sophia Eve Skye Victoria Eloise Martha Tilly Florence Heidi Keira Sienna Faith Rachel Lexi Gracie
    Julia Nicola Mollie Laura Aimee Morgan Hollie Shannon Alisha Kayleigh Danielle Beth Kate Samantha Tegan Naomi Rose
    Melissa Jodie Kiera Tamzin Chelsea Ellie-Mae Zara Robyn Lara Macy Demi Kayla Hope Ebony Gabrielle Carys Yasmin""",
    2010: """Olivia Emily Sophie Lily Amelia Jessica Ruby Chloe Grace Evie Ella Isabella Ava Mia Poppy Isla Daisy Ellie
    Lucy Sophia Freya Scarlett Charlotte Summer Phoebe Lola Maisie Millie Holly Megan Lilly Matilda Erin Alice Sienna
    Isabelle Layla Rosie Eva Lexi Imogen Abigail Hannah Florence Elizabeth Amber Esme Brooke Harriet Emma Evelyn Leah
    Molly Gracie Eleanor Lacey Amy Eliza Faith Bella Lexie Jasmine Maya Martha Willow Niamh Annabelle Skye Heidi Anna
    Darcey Katie Paige Georgia Rose Madison Zara Darcy Ivy Lottie Violet Bethany Libby Zoe Ellie-Mae Tilly Lydia Beatrice
    Julia Nancy Orla Thea Eloise Harper Connie Elsie Maddison Lacey-Mae Gracie-Mae Nicole Amelie Francesca Robyn Tia
    Lara Mollie Aimee Victoria Penelope Felicity Edith Mila Savannah Macie Lilly-Mae Hollie Iris Ebony Caitlin Lyla
    Penny Pippa Mabel Clara Alexa Kayla Kiera Keira Autumn Ayla Bonnie Hallie Lauren Tegan Naomi Alana Belle Callie""",
    2015: """Olivia Amelia Isla Ava Emily Ella Isabella Mia Poppy Sophie Grace Lily Evie Sophia Ivy Freya Charlotte
    Willow Florence Rosie Evelyn Elsie Ruby Daisy Sienna Phoebe Alice Millie Matilda Isabelle Ellie Harper Esme Jessica
    Emilia Eva Layla Thea Scarlett Maisie Luna Chloe Mila Imogen Penelope Ada Bonnie Eliza Molly Violet Erin Orla Lola
    Summer Robyn Aurora Lottie Eleanor Harriet Darcie Nancy Elizabeth Rose Zara Gracie Hallie Arabella Amber Iris Nova
    Ayla Delilah Beatrice Edith Margot Clara Georgia Lyla Abigail Lucy Lexi Heidi Martha Anna Mabel Holly Maeve Hannah
    Amelie Maria Megan Autumn Skye Bella Eloise Felicity Lara Francesca Maggie Olive Myla Ottilie Hattie Ayda Rosa
    Jasmine Lilly Tilly Brooke Faith Lacey Niamh Darcey Ophelia Winnie Dotty Edie Elodie Ellie-Mae Gracie-Mae Blossom
    Savannah Lyra Pearl Wren Indie Marnie Lila Nellie Aria Alba Annabelle Dolly Betsy Billie Cleo Esmae Flora Gia""",
}

BRITISH_SURNAMES = """Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White
Roberts Green Hall Wood Jackson Clarke Harris Clark Turner Hill Cooper Ward Moore Lewis Martin King Edwards Morris Baker
Hughes Harrison Thomas Lee Parker Cook Young Bailey Shaw Watson Bennett Carter Richardson Mitchell Anderson Scott Phillips
Allen James Cox Price Murphy Ellis Griffiths Marshall Bell Adams Simpson Rogers Mason Webb Murray Foster Chapman Powell
Gray Mills Wilkinson Hunt Stevens Campbell Russell Matthews Palmer Holmes Barnes Fisher Knight Butler Barker Lloyd Owen
Graham Harvey Dixon Jenkins Fletcher Reynolds Pearson Gibson Andrews Elliott Howard Stewart Walsh Hart Burton Grant Day
Cole Fox Saunders Spencer Lawrence Atkinson Payne Hudson Lane Cross Armstrong Brooks Wells Watts Wheeler Newman Porter
Perry Robertson Woods Ford Hayes Hunter Rose Bradley Stone Carr Burns Nicholls Dawson Hawkins Booth Francis Parsons
Gardner Black Cunningham Harding Bird Webster Reed Warren Lowe Davidson Marsh Gilbert Barrett Byrne Hewitt Rees Osborne
Gordon Bishop Chambers Morgan Nicholson Berry Lynch Johnston Read Long Dean Hopkins Burgess Potter Sutton Pearce Crawford
Bates Curtis Carroll Coleman Higgins Barton Slater Rowe Tucker Hardy Frost Page Stephens Briggs Goodwin Hobbs Peacock
Doyle French Freeman Jordan Jennings Wallis Weston Wade Bond Bates Kirk Steele Sharp Rowley Norton Nash Naylor Moss
Middleton Metcalfe McDonald Lamb Hope Hodgson Hollis Hilton Hartley Gregory Gould Gough Giles Fuller Fowler Finch Fields
Faulkner Farmer Dyer Dunn Duffy Drew Drake Davey Dale Crossley Cooke Connor Clayton Chadwick Cartwright Buckley Bryant
Bull Blake Birch Barlow Banks Ball Austin Ashton Arnold Archer Akers Abbott Wyatt Winter Wilkins Whittaker Waters Walton
Vincent Vaughan Tyler Townsend Tomlinson Todd Thornton Swift Stokes Stanley Sanders Rowland Riley Rhodes Randall Preston
Pope Poole Pickering Perkins Patterson Parkin Osborn Oliver Norris Newton Neal Myers Morton Miles Mellor May Manning Love
Lister Leach Law Knowles Kent Joyce Ingram Hyde Humphreys Howell Howarth Houghton Horton Holt Holland Hicks""".replace(
    "", ""
)

# Rarer English surnames are mostly place-names; a long honest tail is made of their usual halves.
TAIL_FIRST = """Ash Beck Birken Black Blake Brad Brans Brock Brom Burn Cald Carl Chat Chel Clay Clif Col Comp Cran Craw
Crom Dal Den Dun East Eld Ever Fair Far Fern Field Ful Gar Gled Grim Had Hal Ham Har Hather Haw Hazel Heath Hepple Hol
Horn Hux Ink Ken Kirk Lang Lever Lin Lock Long Mar Mel Mid Milner Nor Oak Old Orm Ot Pad Pem Pick Pres Quar Rad Raven
Red Rick Ros Rud Sal Sand Shel Sher Ship Shuttle Silver Stan Star Stod Strat Sun Swin Tem Thorn Thur Tilles Tun Up Wal
Wake War Wen Wether Whit Wig Win Wood Wool Wor Wy Yar"""
TAIL_SECOND = """bury by combe cott croft dale den don field ford gate ham hurst land ley low man mere more ridge shaw
stead ton well wick with wood worth"""

IRISH_BOYS = """Patrick Sean Conor Michael Daniel James Cian Jack John Liam Aidan Oisín Darragh Fionn Declan Brendan
Kieran Cormac Eoin Niall Rory Ciarán Cathal Tadhg Séamus Dara Shane Brian Kevin Thomas Eamon Martin Padraig Ronan Colm
Finn Barry Donal Dermot Ruairí Ryan Callum Luke Joseph Noah Charlie Gerard Hugh Owen Tomás"""
IRISH_GIRLS = """Mary Niamh Aoife Ciara Sinéad Orla Caoimhe Saoirse Róisín Siobhán Bridget Maeve Kathleen Áine Eimear
Gráinne Aisling Clodagh Fiona Nora Deirdre Una Sorcha Molly Grace Emily Sophie Kate Katie Margaret Anne Catherine Ellen
Bríd Noreen Eileen Shauna Dervla Erin Sadhbh Éabha Ailbhe Laoise Sarah Emma Rachel Maura Breda Teresa Theresa"""
IRISH_SURNAMES = """Murphy Kelly O'Sullivan Walsh O'Brien Byrne Ryan O'Connor O'Neill O'Reilly Doyle McCarthy Gallagher
Doherty Kennedy Lynch Murray Quinn Moore McLoughlin O'Carroll Connolly Daly O'Connell Wilson Dunne Brennan Burke Collins
Clarke Johnston Hughes O'Farrell Fitzgerald Brown Martin Maguire Nolan Flynn Thompson O'Callaghan O'Donnell Duffy
O'Mahony Boyle Healy O'Shea White Sweeney Hayes Kavanagh Power McGrath Moran Brady Stewart Casey Foley Fitzpatrick
O'Leary McDonnell McMahon Donnelly Regan Donovan Burns Flanagan Mullan Barry Kane Robinson Cunningham Griffin Kenny
Sheehan Ward Whelan Lyons Reid Graham Higgins Cullen Keane King Maher McKenna Bell Scott Hogan O'Keeffe Magee McNamara"""
TRAVELLER_SURNAMES = """Ward McDonagh Connors Maughan Reilly Doran Cash O'Driscoll Sweeney Mongan Stokes Joyce Collins Doherty
Keenan Delaney Purcell Rooney Casey Gavin"""

CARIBBEAN_BOYS = """Jayden Tyrone Marcus Malachi Kyle Andre Isaiah Nathaniel Dwayne Jerome Leon Devon Winston Elijah
Delroy Jermaine Joshua Micah Reuben Zion Kai Tyrell Tyrese Jaden Omari Kymani Caleb Josiah Dominic Anthony Michael Errol
Trevor Desmond Carlton Curtis Darnell Theo Ezra Aaron Kieron Rohan Shaquille Ricardo Keenan Nathan Jordan Daniel Ruben
Cameron Aiden Tremaine Rakeem Kadeem Lloyd Clive Neville Everton Leroy Romario Kaleb Amari Romell Jahmal Jevon"""
CARIBBEAN_GIRLS = """Shanice Chantelle Aaliyah Tiana Kiara Simone Latoya Natalie Jasmine Naomi Keisha Tanisha Michelle
Sharon Marcia Yvonne Jada Renee Destiny Amara Kayla Tamika Alicia Gabrielle Tia Zaria Monique Serena Ebony Imani Nevaeh
Lorna Beverley Claudette Sonia Paulette Kerry-Ann Kimberley Tianna Shania Shanelle Aliyah Zara Skye Faith Grace Chanel
Rochelle Sasha Tenisha Crystal Dionne Jodi-Ann Shakira Amelia Nyah Kezia Zahra Ariah Amaya Leah Esme Raven"""
CARIBBEAN_SURNAMES = """Campbell Brown Williams Clarke Johnson Thompson Grant Francis Edwards Gordon Lewis Henry Reid
James Morgan Morris Bailey Stewart Anderson Robinson Thomas Wright Graham Walker Allen Bennett Joseph Charles Scott
Green Powell Palmer Davis Richards Mitchell Miller Samuels Hylton Simpson Blake Barrett Roberts Forbes Rowe Pinnock
Nembhard Lawrence Facey Dacosta Gayle Bogle Beckford Sinclair Douglas McKenzie McFarlane Malcolm Daley Burke Dixon
Ferguson Wallace Whyte Spence Salmon Plummer Peart Parchment Noel Baptiste Pierre Augustin Alexander Phillip St-Louis"""

# Given name, then the pet names it goes by.
NICKNAMES = """Alfred:Alfie/Fred Alexander:Alex/Xander/Zander Andrew:Andy/Drew Anthony:Tony/Ant Benjamin:Ben/Benji
    Charles:Charlie/Chaz Christopher:Chris/Kit Daniel:Dan/Danny David:Dave/Davey Edward:Ed/Eddie/Teddy
    Frederick:Freddie/Fred George:Georgie Harrison:Harry Henry:Harry Isaac:Zac Jacob:Jake James:Jamie/Jim/Jimmy
    John:Johnny/Jack Jonathan:Jon/Jonny Joseph:Joe/Joey Joshua:Josh Kenneth:Ken Lawrence:Larry/Laurie
    Leonard:Len/Lenny Louis:Lou/Louie Matthew:Matt/Matty Michael:Mike/Mick/Mikey Nathaniel:Nathan/Nate Nathan:Nate
    Nicholas:Nick/Nicky Oliver:Ollie/Olly Patrick:Paddy/Pat Peter:Pete Philip:Phil Reginald:Reggie
    Richard:Rick/Richie/Dick Robert:Rob/Bob/Bobby/Robbie Ronald:Ron/Ronnie Samuel:Sam/Sammy Sebastian:Seb
    Stephen:Steve/Ste Steven:Steve Stanley:Stan Terence:Terry Theodore:Theo/Teddy Thomas:Tom/Tommy Timothy:Tim
    Tobias:Toby Vincent:Vinnie William:Will/Bill/Billy/Liam Zachary:Zac/Zak Cameron:Cam Frankie:Frank Reuben:Ruben
    Bradley:Brad Abigail:Abi/Abbie/Gail Alexandra:Alex/Lexi/Sandra Amanda:Mandy Amelia:Millie/Amy/Mia
    Annabelle:Belle/Anna Beatrice:Bea/Trixie Bethany:Beth Catherine:Cath/Kate/Cathy Katherine:Kate/Katie/Kat
    Charlotte:Lottie/Charlie Christine:Chris/Tina Deborah:Debbie/Deb Danielle:Dani/Ellie Dorothy:Dot/Dolly
    Eleanor:Ellie/Nell/Nora Elizabeth:Liz/Beth/Lizzie/Betty/Libby Eliza:Lizzie Emilia:Millie/Emmy Emily:Em/Millie
    Evelyn:Evie/Eve Florence:Flo/Florrie/Flossie Francesca:Fran/Frankie/Chess Gabrielle:Gabby Georgia:Georgie/Gia
    Gillian:Gill Grace:Gracie Harriet:Hattie/Harri Imogen:Immy Isabella:Bella/Izzy/Issy Isabelle:Izzy/Belle
    Jacqueline:Jackie Jennifer:Jen/Jenny Jessica:Jess/Jessie Joanne:Jo Judith:Judy Josephine:Jo/Josie Katie:Kate
    Kimberley:Kim Lillian:Lily Madison:Maddie Margaret:Maggie/Peggy/Meg/Maisie Martha:Mattie Matilda:Tilly/Mattie
    Megan:Meg Natalie:Nat Natasha:Tasha Nicola:Nicky/Nic Nicole:Nicky Olivia:Liv/Livvy Pamela:Pam
    Patricia:Pat/Trish/Tricia Penelope:Penny Phoebe:Bee Rebecca:Becky/Becca Rosemary:Rosie Samantha:Sam/Sammy
    Sandra:Sandy Sarah:Sally Sophie:Soph Stephanie:Steph Susan:Sue/Susie Theresa:Tess/Terri Valerie:Val
    Victoria:Vicky/Tori Rosie:Rose Ellie-Mae:Ellie Gracie-Mae:Gracie Lacey-Mae:Lacey Lilly-Mae:Lilly
    Riley-James:Riley Jayden-Lee:Jayden Tyler-Jay:Tyler Jenson-Lee:Jenson Declan:Dec Aidan:Aid Siobhán:Shiv
    Róisín:Ro Bridget:Bridie/Bid Kathleen:Kath/Kathy Michelle:Shell Kelly-Marie:Kelly Chantelle:Chan Tyrone:Ty
    Jermaine:Jay Nevaeh:Nev Malachi:Mal Isaiah:Zay Shanice:Shan Gemma:Gem Jayden:Jay Hayley:Hay"""
