//! The fixed lists by which a volunteer and somebody who is helped are compared (domain 3.1, 3.2, 3.8).

use crate::list::words;

words! {
    /// What is learned (domain 3.2).
    Subject {
        /// Reading.
        Reading = "reading",
        /// Writing.
        Writing = "writing",
        /// Speaking.
        Speaking = "speaking",
        /// Listening.
        Listening = "listening",
        /// Arithmetic.
        Arithmetic = "arithmetic",
        /// Digital skills.
        Digital = "digital",
    }
}

words! {
    /// Where two people meet (domain 3.8).
    Place {
        /// In the library.
        Library = "library",
        /// In the village hall.
        VillageHall = "village_hall",
        /// At the learner's home.
        Home = "home",
        /// By video.
        Online = "online",
    }
}

words! {
    /// Whether Dutch is somebody's first language (domain 3.1, *Nederlands*).
    FirstLanguage {
        /// Dutch is the first language.
        Dutch = "nt1",
        /// Another language is.
        Other = "nt2",
    }
}

words! {
    /// As somebody is registered; a wish about it is a hard rule.
    Gender {
        /// Woman.
        Woman = "woman",
        /// Man.
        Man = "man",
        /// Neither.
        Other = "other",
    }
}

words! {
    /// How somebody likes to be reached (domain 3.1, *Contactgegevens*).
    ContactBy {
        /// By telephone.
        Call = "call",
        /// By a message on the phone.
        Message = "message",
        /// By e-mail.
        Mail = "mail",
        /// In another way.
        Other = "other",
    }
}

words! {
    /// What people like to talk about and do together.
    Interest {
        /// Cooking and eating.
        Cooking = "cooking",
        /// Garden and plants.
        Garden = "garden",
        /// Sport and moving.
        Sport = "sport",
        /// Music.
        Music = "music",
        /// Making things by hand.
        Crafts = "crafts",
        /// Children and upbringing.
        Children = "children",
        /// Nature and animals.
        Nature = "nature",
        /// Books and films.
        Stories = "stories",
        /// Machines and computers.
        Technology = "technology",
        /// History and the region.
        History = "history",
        /// Work and learning.
        Work = "work",
        /// Travel and other countries.
        Travel = "travel",
    }
}
