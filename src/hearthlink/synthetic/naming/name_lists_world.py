"""Forenames and surnames of communities from further away, commonest first, with their usual spellings.

Written from general knowledge; orders are approximate. ``VARIANT_GROUPS`` are spellings under which one person is commonly
found in two offices: the error processes draw on it, and nothing that links ever sees it.
"""

LISTS: dict[str, tuple[str, str, str]] = {
    "polish": (
        """Jakub Kacper Szymon Filip Antoni Jan Mateusz Michał Piotr Paweł Tomasz Krzysztof Marcin Oskar Adam Dawid Bartosz
        Wojciech Łukasz Kamil Patryk Aleksander Maciej Marek Grzegorz Rafał Dominik Oliwier Igor Nikodem Wiktor Damian
        Sebastian Hubert Artur Daniel Robert Mariusz Leon Franciszek Alan Fabian Gabriel Krystian Tymoteusz""",
        """Anna Zuzanna Julia Maja Zofia Lena Hanna Oliwia Amelia Wiktoria Aleksandra Katarzyna Agnieszka Małgorzata Monika
        Magdalena Natalia Joanna Ewa Karolina Alicja Nikola Emilia Gabriela Martyna Nadia Weronika Beata Barbara Iwona
        Dorota Kinga Paulina Justyna Patrycja Sylwia Marta Antonina Pola Laura Milena Klaudia Izabela Urszula Renata""",
        """Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski
        Jankowski Mazur Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek
        Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Nowicki Pawlak Górski
        Witkowski Walczak Sikora Baran Rutkowski Michalak Szewczyk Ostrowski Tomaszewski Pietrzak Zalewski Wróblewski
        Marciniak Jasiński Sadowski Bąk Duda Chmielewski Włodarczyk Borkowski Czarnecki Sawicki Sokołowski Urbański""",
    ),
    "romanian": (
        """Andrei Alexandru Ionuț David Gabriel Ștefan Mihai Cristian Florin Luca Matei Marian Vasile Ion Gheorghe Adrian
        Daniel Robert Rareș Darius Constantin Nicolae Eduard Denis Răzvan Bogdan Costel Dumitru Ilie Petru Sorin Marius""",
        """Maria Elena Andreea Ioana Ana Sofia Alexandra Mihaela Daniela Florentina Cristina Denisa Gabriela Ștefania Bianca
        Larisa Antonia Daria Mălina Georgiana Simona Roxana Oana Adriana Nicoleta Loredana Eva Natalia Ana-Maria Diana""",
        """Popa Popescu Ionescu Radu Dumitru Stan Stoica Gheorghe Matei Ciobanu Rusu Constantin Marin Dinu Munteanu Moldovan
        Florea Șerban Ion Lazăr Sandu Barbu Neagu Tudor Dobre Nistor Ene Ungureanu Cojocaru Vasile Lupu Toma Preda Manole
        Iancu Mocanu Nicolae Pavel Bălan Anghel Oprea Costea Cristea Dragomir Avram Coman Grigore Voicu Bucur Mihai""",
    ),
    "roma": (
        """Ján Jozef Milan Roman Ladislav Marek Dezider Ion Florin Costel Denis Kevin Samuel Dominik Sebastian Nikolas
        Patrik Rikardo Viorel Marius Robert Adam Tomáš Peter Kristián Brajan""",
        """Mária Anna Helena Vanesa Nikola Denisa Kristína Jana Monika Veronika Ramona Esmeralda Florica Elena Viktória Žaneta
        Simona Adriana Laura Roxana Jessica Sabina Renáta Iveta Diana Natália""",
        """Horváth Baláž Gábor Lakatoš Žiga Kováč Tokár Bado Dunka Pavlov Mirga Holub Čonka Gina Rác Oláh Stojka Kotlár
        Lacko Tancoš Goroľ Giňa Kaleja Ciurar Stan Radu""",
    ),
    "lithuanian": (
        """Lukas Matas Jonas Tomas Mantas Domantas Nojus Dominykas Emilis Jokūbas Andrius Darius Vytautas Marius Mindaugas
        Paulius Karolis Rokas Arnas Gytis Saulius Kęstutis Gintaras Tadas Augustas Kajus Benas Herkus Edvinas Rytis""",
        """Emilija Gabija Austėja Ugnė Kamilė Goda Liepa Sofija Lėja Rasa Jurgita Rūta Eglė Ieva Vilma Inga Kristina Jolanta
        Aistė Monika Greta Viktorija Laura Gintarė Daiva Amelija Urtė Elzė Vaida Edita""",
        """Kazlauskas Petrauskas Jankauskas Stankevičius Butkus Vasiliauskas Žukauskas Paulauskas Urbonas Kavaliauskas
        Navickas Ramanauskas Bernotas Baranauskas Pocius Rimkus Balčiūnas Morkūnas Mockus Adomaitis Šimkus Kučinskas
        Sakalauskas Bagdonas Norkus Daukantas Mažeika Grigas Lukošius Vaitkus""",
    ),
    "pakistani": (
        """Muhammad Ibrahim Yusuf Ali Adam Hamza Ahmed Haris Zain Bilal Imran Usman Umar Hassan Abdullah Zayn Musa Ismail
        Hussain Rayyan Ayaan Eesa Mustafa Faisal Asif Tariq Khalid Nadeem Sajid Shahid Arif Amjad Wasim Naveed Qasim
        Junaid Kashif Adnan Zubair Tahir Rizwan Salman Shoaib Danyal Zakariya Subhan Haider Yahya Aayan Ehsan Saad""",
        """Aisha Fatima Maryam Zara Zainab Khadija Hafsa Amina Safa Aleena Sana Saima Nazia Shazia Samina Farzana Rukhsana
        Shabana Nasreen Parveen Robina Tahira Sumaiya Ayesha Inaya Hania Amelia Zoya Eshal Mahnoor Hira Iqra Anisa Saira
        Rabia Bushra Noreen Rehana Kiran Sadia Uzma Asma Humaira Haleema Ruqayyah Alisha Minahil Eliza Laiba Noor""",
        """Khan Hussain Ahmed Ali Mahmood Akhtar Iqbal Shah Malik Hussein Mohammed Aslam Khalid Rashid Ashraf Raja Mirza
        Chaudhry Butt Mughal Bashir Rehman Arshad Yousaf Rafiq Sadiq Hanif Javed Anwar Saleem Zaman Afzal Qureshi Sheikh
        Nawaz Riaz Ilyas Akram Zafar Farooq Latif Siddique Aziz Sharif Maqsood Jabbar Din Rauf Karim Azam""",
    ),
    "bangladeshi": (
        """Mohammed Abdul Md Ahmed Yusuf Ibrahim Rahim Karim Shah Tanvir Rashid Jubair Imran Rayhan Mahdi Zakaria Sufyan
        Nayeem Shafiq Jahid Ismail Adam Hasan Abu Hamza Kamal Jamal Faruk Mizan Kabir Naim Habib Salman Ayaan Aariz Musa
        Ridwan Saif Tahmid Zayan""",
        """Fatima Aisha Maryam Sumaiya Tasnim Nusrat Sadia Rahima Hasina Nazma Shirin Ruksana Jasmin Salma Tahmina Farhana
        Anika Zara Inaya Samira Khadija Amina Halima Nadia Shahana Lipi Rina Sultana Momtaz Raisa Maliha Afsana Zainab
        Safiya Hafsa Aaliyah Sabiha Jannat Mariam Tanzila""",
        """Ahmed Ali Miah Uddin Hussain Rahman Islam Khan Choudhury Alam Haque Hoque Karim Kabir Ullah Sheikh Talukder Chowdhury
        Sarkar Mahmud Hasan Kamal Rashid Aziz Malik Mia Quddus Latif Hai Siddique""",
    ),
    "sikh": (
        """Harpreet Gurpreet Arjan Amar Jasdeep Manpreet Kiran Jagdeep Ranjit Baljit Sukhdeep Hardeep Parminder Satnam Gurdeep
        Rajan Ajay Karan Veer Fateh Jeevan Aran Sahib Ekam Harjit Kulwinder Balwinder Jaspal Navraj Dilraj Angad Simran""",
        """Simran Jasmin Harpreet Gurpreet Manpreet Kiran Amrit Jaspreet Navdeep Sukhjit Baljit Kulwinder Balbir Surinder
        Parmjit Rupinder Jasleen Asha Anaya Priya Diya Avneet Ravneet Kiranjit Rajinder Satwinder Harleen Mehar Sahib Jiya""",
        """Singh Kaur Gill Sandhu Dhillon Sidhu Grewal Bains Dhaliwal Atwal Johal Sahota Virdee Bhogal Sangha Chahal Mann Rai
        Purewal Hayer Uppal Panesar Dosanjh Sohal Bassi Cheema Basra Kooner Nijjar Samra""",
    ),
    "gujarati": (
        """Aarav Rohan Krish Dev Jay Hiren Nilesh Bhavesh Jignesh Kunal Mitul Raj Vishal Nikhil Amit Sanjay Dipak Mahesh Rakesh
        Kiran Yash Dhruv Aryan Vivaan Ishaan Kishan Pratik Chirag Ketan Paresh Harish Ramesh""",
        """Priya Anjali Pooja Nisha Meera Hetal Bhavna Jyoti Kavita Sonal Rupal Dipti Hina Minal Asha Riya Aanya Diya Anaya Isha
        Kiran Sejal Manisha Kajal Janki Nita Krishna Heena Trisha Mahi""",
        """Patel Shah Mistry Desai Chauhan Parmar Solanki Vaghela Joshi Mehta Rathod Lad Gohil Amin Pandya Trivedi Tailor Bhatt
        Thakkar Modi Parekh Kotecha Raval Naik Soni Sharma Gajjar Dave Limbachia Makwana""",
    ),
    "tamil": (
        """Arun Kumaran Suresh Ramesh Sivakumar Rajan Prakash Thileepan Kajan Nirosan Vithusan Mathan Karthik Ravi Ganesh Mohan
        Dinesh Piraveen Sanjeevan Abishek Aathavan Kavin Haran Tharun Nishan Ashwin Jeyan Selvan Senthuran Yogan""",
        """Priya Tharshini Abinaya Kavitha Meena Vasanthi Sumathi Nirmala Thushara Anitha Saranya Vithya Kirusha Harini Anusha
        Aathana Sahana Maya Nila Dharshini Yalini Rathi Selvi Jeyanthi Nivetha Akshara Thanuja Kamala Shalini Janani""",
        """Sivakumar Rajendran Selvarajah Nadarajah Kanagaratnam Ratnam Jeyakumar Thevarajah Sivalingam Balasubramaniam
        Yogarajah Mahendran Ganeshan Krishnan Ramanathan Chandran Arulanantham Vigneswaran Paramalingam Sothinathan""",
    ),
    "arab": (
        """Mohamed Ahmed Ali Omar Youssef Ibrahim Khalid Hassan Abdullah Mahmoud Mustafa Karim Bilal Zaid Hamza Amir Tariq
        Samir Yasin Anas Faris Adam Nabil Rashid Saleh Fahad Abdulrahman Ammar Hadi Jaber Mansour Walid Taha""",
        """Fatima Maryam Aisha Zahra Layla Noor Sara Huda Amal Hanan Salma Yasmin Rania Mona Khadija Zainab Nadia Iman Lina Hala
        Samira Rim Jana Dina Asma Ghada Sumaya Malak Hiba Wafa""",
        """Ahmed Ali Hassan Mohamed Ibrahim Al-Hassan Saleh Abdullah Al-Ali Mahmoud Hussein Khalil Al-Jabouri Mansour Omar
        Al-Saadi Nasser Hamdan Al-Rashid Said Haddad Khoury Bakri El-Sayed Benali Bouzid El-Amrani Al-Masri Hamid Aziz
        Saeed Qasim Farah Daher Al-Khatib Ghanem Issa Sharif Taleb Younis""",
    ),
    "somali": (
        """Mohamed Abdi Ahmed Hassan Ali Abdirahman Ismail Yusuf Ibrahim Omar Abdullahi Mahad Said Khalid Hamza Zakaria Jama
        Farah Warsame Liban Bashir Mukhtar Abdiaziz Abdikarim Guled Bilal Ayub Suleiman Dahir Awale""",
        """Amina Fatima Hodan Ayan Fadumo Sahra Maryan Khadija Halima Asha Hibo Ifrah Ikran Najma Nasra Zamzam Sagal Deqa Farhiya
        Hawa Idil Ladan Leyla Muna Naima Rahma Safia Samira Sumaya Ubah""",
        """Mohamed Ali Ahmed Hassan Abdi Omar Hussein Ibrahim Farah Jama Yusuf Osman Warsame Abdullahi Ismail Nur Mohamud
        Aden Elmi Guled Dahir Hirsi Adan Isse Roble Duale Egal Shire Samatar Barre""",
    ),
    "eritrean": (
        """Yohannes Samuel Dawit Tesfay Haile Abel Amanuel Filmon Yonas Mehari Kidane Daniel Natnael Biniam Henok Robel Merhawi
        Solomon Tekle Berhane Isaias Aron Noah Nahom Petros""",
        """Selam Rahel Helen Miriam Saba Lidia Senait Feven Bethlehem Winta Semhar Delina Ruth Hiwot Tsega Abrehet Letebrhan
        Mehret Freweini Lula Eden Hermela Sosina Yordanos Azeb""",
        """Tesfay Haile Gebremariam Kidane Tekle Berhe Woldu Ghebremedhin Habte Mehari Abraha Weldemichael Negash Asfaha
        Ghebru Yohannes Kahsay Hagos Tsegay Fessehaye""",
    ),
    "yoruba": (
        """Oluwaseun Oluwatobi Ayomide Oluwadamilola Temitope Babatunde Olumide Adebayo Kolawole Oluwaseyi Adewale Oluwafemi
        Ayodele Olamide Segun Tunde Akin Daniel David Samuel Emmanuel Joshua Michael Isaac Toluwani Iyanuoluwa Oluwadarasimi
        Olusegun Gbenga Kayode""",
        """Oluwatoyin Oluwadamilola Titilayo Folake Temitope Ayomide Abisola Olufunmilayo Adesuwa Yetunde Bolanle Omolara
        Oluwakemi Funmilola Morenike Esther Deborah Grace Precious Blessing Mary Elizabeth Ruth Moyosoreoluwa Oluwaseyi
        Adetutu Modupe Oyinkansola Ireoluwa Tiwalade""",
        """Adebayo Adeyemi Ogunleye Akinola Adeleke Oladipo Balogun Adewale Afolabi Ojo Ogundipe Olaniyan Adeniyi Adesanya
        Fashola Bakare Lawal Oyelaran Akande Ajayi Olatunji Odunsi Okunola Sanusi Alabi Adekunle Olawale Omotoso Salami
        Ogunbanjo Oyedele Williams Johnson""",
    ),
    "igbo": (
        """Chukwuemeka Chinedu Obinna Ikechukwu Emeka Kelechi Uchenna Nnamdi Chibuzo Kenechukwu Tobenna Somtochukwu Chidubem
        Ifeanyi Okechukwu Daniel Emmanuel David Michael Samuel Onyekachi Ebuka Kosisochukwu Munachi""",
        """Chioma Ngozi Chidinma Ifeoma Adaeze Nkechi Chiamaka Amarachi Uchechi Ogechi Nneka Kosisochukwu Somtochukwu Onyinyechi
        Chinyere Ebere Grace Blessing Favour Esther Olachi Zara Munachiso Adanna""",
        """Okafor Okonkwo Eze Nwosu Obi Okeke Nwachukwu Onyekachi Igwe Chukwu Nnamdi Uche Umeh Anyanwu Ibe Okoro Okoye Agu
        Ezekiel Onwuka Nwankwo Ikenna Madu Nwokedi Udeh""",
    ),
    "ghanaian": (
        """Emmanuel Samuel Daniel Joseph Michael Isaac Nana Prince Ebenezer Richard Benjamin Kelvin Jayden Nathan Caleb Felix
        Francis Eric Stephen Joshua David Elijah Ernest Gideon""",
        """Abigail Grace Mercy Esther Gifty Comfort Priscilla Vida Rita Patience Nana Josephine Deborah Naomi Emmanuella Beatrice
        Hannah Joyce Victoria Ruth Michelle Angela Felicia Precious""",
        """Mensah Owusu Boateng Asante Osei Appiah Agyeman Amoah Opoku Ofori Addo Antwi Sarpong Boakye Frimpong Adjei Darko
        Asare Acheampong Ansah Yeboah Gyamfi Danso Amponsah Quaye Tetteh Nkrumah Amankwah Bonsu Donkor""",
    ),
    "chinese": (
        """Jason Kevin Daniel Ryan Eric Andy Jack Tony David Alan Ethan Lucas Marcus Raymond Vincent Alex Henry Leo Simon
        Wei Jun Ming Hao Jian""",
        """Amy Emily Jessica Cindy Michelle Grace Jenny Vivian Lily Fiona Chloe Sophie Angela Karen Mei Ling Xin Yan Hui Jing
        Joyce Alice Tiffany Wendy""",
        """Chen Wong Li Wang Zhang Liu Chan Lin Huang Lam Cheung Lau Ng Zheng Yang Leung Ho Tang Xu Wu Lee Cheng Yip Tsang
        Zhao Zhou Yu Guo Fong Mak""",
    ),
    "vietnamese": (
        """Minh Duc Hung Anh Tuan Long Nam Huy Khang Bao Dung Thanh Quang Hai Tommy Kevin Andy Phong Khoa Viet Son Binh""",
        """Linh Huong Lan Thao Mai Trang Hoa Phuong Anh Ngoc Yen Hanh Thuy Nga Chi My Tram Vy Dung Jenny Kim Tuyet""",
        """Nguyen Tran Le Pham Hoang Vu Phan Vo Dang Bui Do Ho Ngo Duong Ly Trinh Dinh Luong""",
    ),
    "portuguese": (
        """João Miguel Rodrigo Tiago Pedro Gabriel Lucas Rafael Francisco Martim Diogo Duarte Gonçalo José António Carlos
        Manuel Paulo Luís Nuno Rui Bruno Ricardo André Fábio Daniel Davi Guilherme Santiago Enzo""",
        """Maria Ana Beatriz Leonor Matilde Mariana Carolina Sofia Inês Lara Laura Alice Júlia Isabel Catarina Joana Sandra Carla
        Paula Fernanda Cláudia Sónia Patrícia Vanessa Letícia Rita Helena Bruna Valentina Camila""",
        """Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves Gomes Lopes Marques Alves
        Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira Monteiro Cardoso Rocha Neves
        Araújo Freitas Barbosa Camacho Abreu""",
    ),
    "turkish": (
        """Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Yusuf Ömer Emre Can Deniz Eren Kerem Burak Murat Serkan Aydın Kaan
        Efe Berk Arda Umut Cem Baran Osman Halil Yılmaz Tolga Devran""",
        """Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Sultan Özlem Esra Gül Dilek Sevgi Ebru Selin Defne Ela Azra Melis
        Yasemin Derya Aylin Berfin Nazlı Ceren Songül Hülya Pınar İrem""",
        """Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt
        Özkan Şimşek Polat Korkmaz Çakır Erdoğan Güneş Aksoy Bozkurt Avcı Ateş Tekin""",
    ),
    "afghan": (
        """Ahmad Mohammad Ali Abdul Farid Hamid Jawad Karim Najib Omid Reza Samir Wahid Yama Zabi Idris Ehsan Mirwais Rahim
        Sohail""",
        """Fatima Zahra Maryam Nargis Parwana Laila Shabnam Freshta Roya Soraya Hosna Zarghuna Mina Nazanin Setara Marwa Hadia
        Shukria Wahida Yalda""",
        """Ahmadi Rahimi Karimi Mohammadi Hussaini Noori Sharifi Amiri Haidari Safi Stanikzai Zazai Khan Wardak Popal Sultani
        Rasooli Yousafzai Azizi Nazari""",
    ),
}

# Seldom-used middle or family words that customs call for.
WOMENS_SECOND_NAMES = {
    "pakistani": "Begum Bibi Akhtar Kausar Parveen Bi Jan Khatoon",
    "bangladeshi": "Begum Khatun Khanom Akter Bibi Sultana Nessa",
}
CHINESE_GIVEN = "Wei Jun Ming Hao Jian Xin Yi Mei Ling Yan Hui Jing Ka Man Wing Kit Ho Yin Chun Lok Tsz Hei"
AKAN_BOYS = "Kwadwo Kwabena Kwaku Yaw Kofi Kwame Kwesi"  # Monday first
AKAN_GIRLS = "Adwoa Abena Akua Yaa Afia Ama Akosua"

VARIANT_GROUPS = """Muhammad/Mohammed/Mohammad/Mohamed/Mohamad/Muhammed/Mohd/Md Hussain/Hussein/Husain/Hossain/Hussayn
Ahmed/Ahmad/Ahmet/Achmed Yusuf/Yousef/Yousuf/Yousaf/Youssef Aisha/Ayesha/Aysha/Aishah/Aaisha Fatima/Fatimah/Fathima/Fatema
Maryam/Mariam/Maryan/Meryem/Mariyam Khadija/Khadijah/Khadeeja/Hadija Zainab/Zaynab/Zeinab/Zaineb Ibrahim/Ibraheem/Ebrahim
Choudhury/Chowdhury/Chaudhry/Choudhry/Chaudhary Uddin/Udin/Ud-Din Miah/Mia/Miya/Meah Rahman/Rehman/Rahmaan Begum/Begom/Begam
Khatun/Khatoon/Khaton Sheikh/Shaikh/Sheik/Shaykh Qureshi/Quraishi/Kureshi Siddique/Siddiqui/Sadiq/Siddiq Islam/Eslam
Haque/Hoque/Huq/Haq Abdullah/Abdulla/Abdallah/Abdullahi Abdirahman/Abdurahman/Abdulrahman/Abdelrahman Omar/Umar/Omer
Usman/Osman/Uthman/Othman Hassan/Hasan/Hassen Ali/Aly/Alli Hamza/Hamzah/Humza Bilal/Billal/Belal Mustafa/Mustapha/Moustafa
Ismail/Ismael/Ishmael/Esmail Zakariya/Zakaria/Zakariyya Yahya/Yahia/Yehia Eesa/Isa/Issa/Essa Musa/Moosa/Moussa Adam/Aadam
Rayyan/Rayan/Rayaan Ayaan/Ayan/Aayan Haris/Harris/Harith Zain/Zayn/Zane/Zayne Hafsa/Hafsah/Hafza Amina/Aminah/Aamina/Ameena
Sumaiya/Sumaya/Sumayyah/Sumaiyah Safiya/Safia/Safiyah Inaya/Inayah/Enaya Noor/Nur/Nour Layla/Leyla/Laila/Leila
Yasmin/Yasmeen/Jasmin/Jasmine Parveen/Parvin/Perveen Nasreen/Nasrin/Nasrine Akhtar/Akter/Aktar/Akther Bibi/Bibbi/Bi
Mahmood/Mahmud/Mehmood/Mahmoud Mohamud/Mahamud/Mohamoud Rashid/Rasheed/Rachid Saleem/Salim/Selim Khalid/Khaled/Kaled
Tariq/Tarik/Tareq Karim/Kareem/Kerim Aziz/Azeez/Asis Latif/Lateef Bashir/Basheer Rafiq/Rafique Javed/Javaid/Jawed
Iqbal/Eqbal/Ikbal Riaz/Riyaz Zafar/Zaffar Farooq/Faruk/Farouk/Farooque Nawaz/Nowaz Shah/Shaah Jama/Jaama/Jamac Farah/Faarah
Hodan/Hoodan Fadumo/Faduma/Fatuma Sahra/Sahro/Zahra Halima/Halimo/Haleema Warsame/Warsama Guled/Guuleed Hirsi/Xirsi Nur/Noor
Saleh/Salih/Salah Al-Hassan/Alhassan/El-Hassan Al-Ali/Alali Al-Rashid/Alrashid/El-Rashid Al-Masri/Elmasry/Almasri
El-Sayed/Elsayed/Al-Sayed Singh/Sing Kaur/Kour/Khaur Sandhu/Sandu Dhillon/Dillon/Dhilon Sidhu/Siddhu Grewal/Garewal
Harpreet/Harprit Gurpreet/Gurprit Manpreet/Manprit Kiran/Kirn Jasmin/Jasmeen Virdee/Virdi Bhogal/Bogal Patel/Pattel
Chauhan/Chohan/Chouhan Mistry/Mistri Bhatt/Bhat Desai/Desay Solanki/Solankee Krishnan/Krishnen Rajendran/Rajenthiran
Nadarajah/Nadaraja Selvarajah/Selvaraja Thevarajah/Devarajah Sivakumar/Shivakumar Yohannes/Johannes/Yohanes Tesfay/Tesfaye
Gebremariam/Ghebremariam/Gebre-Mariam Kidane/Kidan Haile/Hayle Dawit/Dawitt Selam/Salam Nguyen/Nguyenn Huang/Wong Chen/Chan/Tan
Zhang/Chang/Cheung Wang/Wong Xu/Hsu Zheng/Cheng Lau/Liu Chioma/Chyoma Ngozi/Ngosi Okafor/Okafo Okonkwo/Okonkwor Eze/Ezeh
Adeyemi/Adeyemy Adebayo/Adebayor Ogunleye/Ogunleyi Boateng/Boatin Owusu/Owuso Mensah/Mensa Kofi/Koffi Ama/Amma
Aleksandra/Alexandra Katarzyna/Katarina Wiktoria/Victoria Jakub/Jacob Krzysztof/Christopher Michał/Michael Szymon/Simon
Zuzanna/Susanna Zofia/Sofia/Sophia Oliwia/Olivia Gabriela/Gabriella Mateusz/Matthew Aleksander/Alexander Filip/Philip
Ștefan/Stefan/Stephan Ionuț/Ionut/Ionuts Mihai/Mihail Cristian/Christian Gheorghe/George Ștefania/Stefania
Lukas/Lucas João/Joao/Juan Luís/Luis/Louis António/Antonio José/Jose Gonçalves/Goncalves/Gonzalez Sousa/Souza Júlia/Julia
Hüseyin/Huseyin/Hussein Ömer/Omer Çelik/Celik Şahin/Sahin/Shahin Yılmaz/Yilmaz Öztürk/Ozturk/Oeztuerk Ayşe/Ayse/Ayshe
Niamh/Neve/Neave Caoimhe/Keeva/Caoimh Siobhán/Siobhan/Shivaun Saoirse/Sersha Aoife/Eefa Ciara/Keira/Kiera Oisín/Oisin/Osheen
Sean/Shaun/Shawn Aidan/Aiden/Ayden Conor/Connor/Conner Róisín/Roisin/Rosheen Eoin/Owen/Eoghan Kieran/Ciaran/Keiran Orla/Orlagh
Ahmadi/Ahmady Hussaini/Hosseini/Husseini Mohammadi/Muhammadi Rahimi/Raheemi Karimi/Kareemi"""

# Long name, then the short form it goes by.
SHORT_FORMS = """Oluwaseun:Seun Oluwatobi:Tobi Ayomide:Ayo Oluwadamilola:Dami Temitope:Temi Babatunde:Tunde Olumide:Olu
    Adebayo:Bayo Kolawole:Kola Oluwaseyi:Seyi Adewale:Wale Oluwafemi:Femi Ayodele:Ayo Olamide:Ola Toluwani:Tolu
    Iyanuoluwa:Iyanu Oluwadarasimi:Dara Olusegun:Segun Oluwatoyin:Toyin Titilayo:Titi Abisola:Abi Olufunmilayo:Funmi
    Oluwakemi:Kemi Funmilola:Funmi Morenike:Nike Moyosoreoluwa:Moyo Oyinkansola:Oyin Ireoluwa:Ire Tiwalade:Tiwa
    Chukwuemeka:Emeka Chinedu:Nedu Ikechukwu:Ike Uchenna:Uche Kenechukwu:Kene Tobenna:Toby Somtochukwu:Somto
    Chidubem:Dubem Ifeanyi:Ify Okechukwu:Okey Onyekachi:Kachi Kosisochukwu:Kosi Chidinma:Dinma Adaeze:Ada
    Chiamaka:Amaka Amarachi:Amara Onyinyechi:Onyi Munachiso:Muna Aleksandra:Ola Katarzyna:Kasia Małgorzata:Gosia
    Zuzanna:Zuzia Wiktoria:Wiki Agnieszka:Aga Magdalena:Magda Joanna:Asia Anna:Ania Barbara:Basia Krzysztof:Krzysiek
    Tomasz:Tomek Piotr:Piotrek Jakub:Kuba Jan:Janek Aleksander:Olek Grzegorz:Grzesiek Wojciech:Wojtek Maciej:Maciek
    Antoni:Antek Franciszek:Franek Natalia:Nati Karolina:Karo Alexandru:Alex Andreea:Deea Constantin:Costi
    Nicolae:Nicu Mihaela:Miha Gheorghe:Gicu Francisco:Chico Muhammad:Mo Mohammed:Mo Mohamed:Mo Abdirahman:Abdi
    Abdullahi:Abdi Mustafa:Mus Ibrahim:Ibby Harpreet:Harry Gurpreet:Gary Manpreet:Manny Balasubramaniam:Bala
    Emmanuel:Emma Samuel:Sam Daniel:Dan Emmanuella:Ella"""
