//! Characters to words: parentheses, comparators, quoted texts and bare words, each with its place.

use super::{MAX_LENGTH, Mistake};

/// One word of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Comparator(Comparator),
    /// In single or double quotes; the escapes are already resolved.
    Text(String),
    /// Anything else: an operand, a keyword or a number.
    Word(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparator {
    Equal,
    Unequal,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
}

impl Comparator {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "<>",
            Self::Less => "<",
            Self::Greater => ">",
            Self::LessOrEqual => "<=",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// A token and the position of its first character.
pub(super) type Placed = (usize, Token);

/// Cuts the text into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, Mistake> {
    let characters: Vec<char> = text.chars().take(MAX_LENGTH + 1).collect();
    if characters.len() > MAX_LENGTH {
        let problem = format!("The expression is longer than {MAX_LENGTH} characters");
        return Err(Mistake {
            position: MAX_LENGTH + 1,
            problem,
        });
    }
    let mut lexer = Lexer {
        characters,
        next: 0,
    };
    let mut found = Vec::new();
    while let Some(token) = lexer.token()? {
        found.push(token);
    }
    Ok(found)
}

struct Lexer {
    characters: Vec<char>,
    next: usize,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.next).copied()
    }

    fn token(&mut self) -> Result<Option<Placed>, Mistake> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next += 1;
        }
        let position = self.next + 1;
        let Some(first) = self.peek() else {
            return Ok(None);
        };
        let token = match first {
            '(' => self.take(1, Token::Open),
            ')' => self.take(1, Token::Close),
            '\'' | '"' => self.text(first)?,
            '=' | '<' | '>' => self.comparator(first),
            _ => self.word(),
        };
        Ok(Some((position, token)))
    }

    fn take(&mut self, count: usize, token: Token) -> Token {
        self.next += count;
        token
    }

    fn comparator(&mut self, first: char) -> Token {
        let second = self.characters.get(self.next + 1).copied();
        let (length, comparator) = match (first, second) {
            ('<', Some('>')) => (2, Comparator::Unequal),
            ('<', Some('=')) => (2, Comparator::LessOrEqual),
            ('>', Some('=')) => (2, Comparator::GreaterOrEqual),
            ('<', _) => (1, Comparator::Less),
            ('>', _) => (1, Comparator::Greater),
            _ => (1, Comparator::Equal),
        };
        self.take(length, Token::Comparator(comparator))
    }

    fn text(&mut self, quote: char) -> Result<Token, Mistake> {
        let start = self.next + 1;
        self.next += 1;
        let mut text = String::new();
        while let Some(character) = self.peek() {
            self.next += 1;
            match character {
                '\\' => {
                    // The character after a backslash stands for itself.
                    let Some(escaped) = self.peek() else { break };
                    text.push(escaped);
                    self.next += 1;
                }
                end if end == quote => return Ok(Token::Text(text)),
                other => text.push(other),
            }
        }
        let problem = format!("The text that starts with {quote} has no closing {quote}");
        Err(Mistake {
            position: start,
            problem,
        })
    }

    fn word(&mut self) -> Token {
        let mut word = String::new();
        while let Some(character) = self.peek() {
            if character.is_whitespace() || "()'\"=<>".contains(character) {
                break;
            }
            word.push(character);
            self.next += 1;
        }
        Token::Word(word)
    }
}
