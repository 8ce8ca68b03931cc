//! The fixed lists by which learner and buddy are compared (domain 3.1, 3.2, 3.8).

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
