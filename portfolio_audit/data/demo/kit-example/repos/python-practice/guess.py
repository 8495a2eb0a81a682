import random

number = random.randint(1, 100)
tries = 0
while True:
    guess = int(input("Guess: "))
    tries += 1
    if guess == number:
        print("Right after", tries)
        break
    print("too low" if guess < number else "too high")
