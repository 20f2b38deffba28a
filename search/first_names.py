"""First names that are common in France, folded: beside an unknown word they make a person's name.

Those that are words of every day too (Rose, Claire, Pierre …) count only where they are written as names.
"""

from __future__ import annotations

FIRST_NAMES = frozenset(
    """
    abdallah abdel abdelkader abdou abdoulaye adam adama adelaide adele adeline adil adrien agathe agnes ahmed
    aicha aime aissatou alain alban albane albert alex alexandra alexandre alexia alexis ali alice aline alix
    alpha amadou amandine amara ambre amelie amina aminata amine amir anais anas anastasia andre andrea ange
    angela angele angelina angelique anissa anita anna annabelle anne annette annick annie anouk anthony antoine
    antoinette antonio apolline ariane armand armelle arnaud arthur assia astrid aude audrey auguste augustin
    aurelie aurelien aurore awa axel axelle aya ayoub aziz baptiste barbara basile bastien beatrice benedicte
    benjamin benoit bernadette bernard berthe bertrand bilal blaise blanche boris brahim brice brigitte bruno
    camelia camille carine carla carlos carmen carole caroline cassandra catherine cecile cedric celestin celia
    celine chantal charlene charles charline charlotte cherif chloe christelle christian christiane christine
    christophe claire clara clarisse claude claudette claudia claudine clemence clement clementine cloe
    clothilde clotilde colette constance constant coralie corentin corinne cyril cyrille dalila damien daniel
    daniela daniele danielle daphne david deborah delphine denis denise diane didier dimitri djamel djamila
    dominique dorian doriane dorothee driss dylan edith edmond edouard elena eleonore eliane elias elie eliott
    elisa elisabeth elise ella elodie eloise elsa emeline emile emilie emilien emma emmanuel emmanuelle enzo
    eric erica erwan esteban estelle esther ethan etienne eugene eugenie eva evan eve eveline evelyne fabien
    fabienne fabrice fadila fanny farid farida fatiha fatima fatimata fatma fatou fatoumata faycal felicie felix
    fernand fernande fernando flavie flavien fleur flora flore florence florent florian florine fouad francine
    francis franck franckie francois francoise frederic frederique gabin gabriel gabriela gabriele gabrielle
    gael gaelle gaetan gaetane gaspard gaston genevieve georges georgette gerald geraldine gerard germaine
    ghislaine gilbert gilberte gilles gina ginette gisele giulia gregoire gregory guilhem guillaume gustave guy
    gwenaelle habib hadrien hafida hakim halima hamid hamza hanane hannah hassan hassane hawa helene heloise
    henri henriette herve hicham hind honore houda hubert hugo hugues huguette hussein ibrahim ibrahima idriss
    igor ikram ilan ilham ilyes imane ines ingrid irene iris isabelle ismael issa ivan jacqueline jacques jade
    jamal jamel jamila jawad jean jeanne jeannine jennifer jeremie jeremy jerome jessica jihane joao joel joelle
    johan johanna john jonathan jordan jorge jose joseph josephine josette joshua josiane josselin josue juan
    judith jules julia julian juliane julie julien julienne juliette justin justine kader kadiatou kamel karen
    karim karima karine katia kelly kenza kevin khadidja khadija khaled khalid kilian killian laetitia laila
    lamia lara latifa laura laure laurence laurent laurie laurine lea leana leila lena leo leon leonard leonie
    leopold lila lilia lilian liliane lilou lina linda line lino lionel lisa lise loic lola lorenzo loris louane
    louis louise louna luca lucas luce lucie lucien lucienne lucile ludivine ludovic luis luna lydia lydie
    maelle maelys maeva magali mahamadou mahdi maimouna malek malik malika malo mamadou manon manuel manuela
    marc marceau marcel marcelle marco margaux margot marguerite maria mariam mariama marianne marie marielle
    marilyne marin marina marine mario marion marius marlene martin martine maryam maryline maryse massinissa
    mathias mathieu mathilde mathis mathys matteo matthias matthieu maud maurice maxence maxime maya mehdi
    melanie melina melissa melvin meriem merieme michael michel michele micheline mickael miguel mila milan
    mireille mohamed mohammed moise monique morgan morgane mouhamed mouna mounir mourad moussa moustapha muriel
    mustapha mylene myriam nabil nabila nacer nadege nadia nadine nadir naima najat nassim natacha natalia
    natasha nathalie nathan nawel nicolas nicole nina ninon noa noah noam noel noelle noemie nolan nora norah
    norbert nordine nour noureddine oceane octave odette odile olga olivia olivier omar ophelie oscar othmane
    oumar oumou oussama pablo pascal pascale patrice patricia patrick paul paula paulette pauline pedro perrine
    philippe pierre pierrette prisca quentin rabah rachel rachid rachida raphael raphaelle rayan raymond
    raymonde rebecca redouane regine regis remi remy renaud rene renee ricardo richard rita robert roberto robin
    rodolphe rodrigue roger roland romain romane romeo ronan rosa rosalie rose roseline roxane ruben sabine
    sabrina sacha safia said saida salah salif salim salima salome salomon samba samia samir samira samuel samy
    sandra sandrine sara sarah sebastien selim selma serge sergio severine sidonie siham simon simone sofia
    sofiane solange solene soline sonia sophia sophie soraya souleymane stanislas stella stephane stephanie
    steve steven suzanne sylvain sylvaine sylvette sylvia sylviane sylvie tania tariq tatiana thais theo
    theodore theophile therese thibaud thibault thierry thomas tiago tiffany timeo timothee titouan tom tony
    tristan ugo ulysse valentin valentine valerie vanessa vera veronique victoire victor victoria vincent
    violette virginie viviane vladimir wafa walid wassim wendy wilfried william xavier yacine yael yanis yann
    yannick yannis yasmina yasmine yassin yassine yohan yohann younes youssef yvan yves yvette yvon yvonne
    zacharie zahra zakaria zara zineb zoe zohra zoubida
    """.split()  # noqa: SIM905  a list of strings is not for reading
)
